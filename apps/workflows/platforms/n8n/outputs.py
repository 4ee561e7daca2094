"""The labels of a step's outputs where its parameters decide how many there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

#: n8n lets a switch have as many outputs as one writes; nobody draws more than this.
_MOST = 1000

Params = Mapping[str, Any]
Labels = tuple[str, ...]


def labels(counter: str, params: Params, version: float) -> Labels | None:
    """The labels of the outputs on the flow, in order; ``None`` when only a run will tell."""
    return COUNTERS[counter](params, version)


def _items(params: Params, outer: str, inner: str) -> list[Any] | None:
    """The entries of a list within a parameter; ``None`` when it is not a list."""
    value = params.get(outer)
    if isinstance(value, str):
        return None
    found = value.get(inner) if isinstance(value, dict) else None
    if isinstance(found, str):
        return None
    return found if isinstance(found, list) else []


def _text(value: Any, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) and found[:1] != "=" else ""


def _numbered(count: Any, default: int) -> Labels | None:
    """Outputs of a switch in expression mode, which are numbered from 0."""
    if isinstance(count, str):
        return None
    if not isinstance(count, (int, float)) or isinstance(count, bool):
        count = default
    return tuple([f"output {n}" for n in range(int(count))]) if 0 <= count <= _MOST else None


def _switch_1(params: Params, version: float) -> Labels | None:
    names = ["", "", "", ""]
    if params.get("mode") == "expression":
        return _numbered(4, 4)
    for n, rule in enumerate(_items(params, "rules", "rules") or []):
        output = rule.get("output", 0) if isinstance(rule, dict) else None
        if isinstance(output, int) and 0 <= output < 4 and not names[output]:
            names[output] = f"rule {n + 1}"
    fallback = params.get("fallbackOutput")
    if isinstance(fallback, int) and 0 <= fallback < 4:
        names[fallback] = names[fallback] or "fallback"
    return tuple(names)


def _switch_2(params: Params, version: float) -> Labels | None:
    if params.get("mode") == "expression":
        return _numbered(params.get("outputsAmount"), 4)
    rules = _items(params, "rules", "rules")
    return None if rules is None else _rules(rules)


def _switch_3(params: Params, version: float) -> Labels | None:
    if params.get("mode") == "expression":
        return _numbered(params.get("numberOutputs"), 4)
    # Left out of the file, the rules are the one empty rule that a new switch has.
    rules = _items(params, "rules", "values") if "rules" in params else [{}]
    if rules is None:
        return None
    options = params.get("options")
    extra = isinstance(options, dict) and options.get("fallbackOutput") == "extra"
    return (*_rules(rules), "fallback") if extra else _rules(rules)


def _rules(rules: list[Any]) -> Labels:
    # A name that was switched off again may still be in the file.
    return tuple(
        [
            ("" if rule.get("renameOutput") is False else _text(rule, "outputKey")) or f"rule {n}"
            if isinstance(rule, dict)
            else f"rule {n}"
            for n, rule in enumerate(rules, 1)
        ]
    )


def _categories(params: Params, version: float) -> Labels | None:
    categories = _items(params, "categories", "categories")
    if categories is None:
        return None
    names = [_text(item, "category") or f"category {n}" for n, item in enumerate(categories, 1)]
    if _option(params, "fallback") == "other":
        names.append("other")
    return tuple(names)


def _sentiment(params: Params, version: float) -> Labels | None:
    text = _option(params, "categories")
    if not isinstance(text, str):
        text = "Positive, Neutral, Negative"
    return None if text[:1] == "=" else tuple([part.strip() for part in text.split(",")])


def _option(params: Params, name: str) -> Any:
    options = params.get("options")
    return options.get(name) if isinstance(options, dict) else None


def _methods(params: Params, version: float) -> Labels | None:
    """A webhook that takes several methods has an output for each."""
    methods = params.get("httpMethod")
    if methods is None and params.get("multipleMethods") is True:
        methods = ["GET", "POST"]
    if not isinstance(methods, list):
        return ("",)
    return tuple([method if isinstance(method, str) else "" for method in methods])


def _response(params: Params, version: float) -> Labels | None:
    """Version 1.3 always hands on the response it sent; later ones when asked to."""
    asked = params.get("enableResponseOutput")
    if version == 1.3 or (version >= 1.4 and asked is True):
        return ("input data", "response")
    return None if isinstance(asked, str) and version >= 1.4 else ("",)


def _evaluation(params: Params, version: float) -> Labels | None:
    return _when(params, "operation", "checkIfEvaluating", "setOutputs", ("evaluation", "normal"))


def _guardrails(params: Params, version: float) -> Labels | None:
    return _when(params, "operation", "classify", "classify", ("pass", "fail"))


def _when(params: Params, name: str, value: str, default: str, names: Labels) -> Labels | None:
    given = params.get(name, default)
    if isinstance(given, str) and given[:1] == "=":
        return None
    return names if given == value else ("",)


def _vectors(params: Params, version: float) -> Labels | None:
    mode = params.get("mode", "retrieve")
    if not isinstance(mode, str) or mode[:1] == "=":
        return None
    return () if mode.startswith("retrieve") else ("",)


def _code(params: Params, version: float) -> Labels | None:
    """LangChain code chooses its own outputs, most of which serve other steps."""
    outputs = _items(params, "outputs", "output") if "outputs" in params else None
    if outputs is None:
        return None
    return tuple(["" for item in outputs if isinstance(item, dict) and item.get("type") == "main"])


COUNTERS: dict[str, Callable[[Params, float], Labels | None]] = {
    "switch1": _switch_1,
    "switch2": _switch_2,
    "switch3": _switch_3,
    "categories": _categories,
    "sentiment": _sentiment,
    "methods": _methods,
    "response": _response,
    "evaluation": _evaluation,
    "guardrails": _guardrails,
    "vectors": _vectors,
    "code": _code,
}
