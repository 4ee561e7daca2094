"""Conditions of Node-RED's switch and of Make's filters, in the form the judge decides.

The rules of the linter do not compare these, so they are read here and not among the facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.workflows.analysis.facts.conditions import MOST, UNARY, Branch, Clause, Test, operator
from apps.workflows.analysis.facts.values import mapping, mappings, text
from apps.workflows.analysis.graph import Step

#: Node-RED's short words for operators; ``btwn``, ``regex``, ``jsonata_exp``… are not decided.
_SWITCH = {
    "eq": "is", "neq": "is not", "lt": "below", "lte": "at most", "gt": "above",
    "gte": "at least", "cont": "contains", "true": "is", "false": "is", "null": "missing",
    "nnull": "exists", "empty": "blank", "nempty": "filled",
}  # fmt: skip
_ELSE = "else"
#: Types of a rule's value that stand in the file.
_LITERAL = ("", "str", "num", "bool")


def switch_rules(step: Step) -> list[Branch]:
    """One branch per output of a switch; that of ``else`` is called so."""
    about = text(step.params.get("property")) or "payload"
    of_message = text(step.params.get("propertyType")) in ("", "msg")
    rules = mappings(step.params.get("rules", []))[:MOST]
    return [_rule(rule, about if of_message else "") for rule in rules]


def takes_all(step: Step) -> bool:
    """Whether a switch goes on after the first rule that holds."""
    return text(step.params.get("checkall")) != "false"


def is_else(branch: Branch) -> bool:
    return branch.name == _ELSE


def _rule(rule: Mapping[str, Any], about: str) -> Branch:
    kind = text(rule.get("t"))
    if kind == _ELSE:
        return Branch(_ELSE)
    word = _SWITCH.get(kind)
    if word is None or not about or text(rule.get("vt")) not in _LITERAL:
        return Branch("")
    value = kind if kind in ("true", "false") else text(rule.get("v"))
    return Branch("", ((Test(about, word, () if word in UNARY else (value,)),),))


def make_filter(step: Step) -> Branch | None:
    """The filter before a module; ``None`` where there is none. Any of its groups has to hold."""
    found = mapping(step.raw.get("filter"))
    groups = found.get("conditions")
    if not isinstance(groups, list) or not groups:
        return None
    clauses = [_group(group) for group in groups[:MOST] if isinstance(group, list)]
    readable = [clause for clause in clauses if clause is not None]
    name = text(found.get("name"))
    whole = len(readable) == len(groups)
    return Branch(name, tuple(readable) if whole else ())


def _group(group: list[Any]) -> Clause | None:
    """The tests of a group; ``None`` if one of them cannot be read."""
    tests = []
    for condition in mappings(group)[:MOST]:
        word = operator(text(condition.get("o")).rpartition(":")[2])
        about = text(condition.get("a"))
        if not word or not about:
            return None
        values = () if word in UNARY else (text(condition.get("b")),)
        tests.append(Test(about, word, values))
    return tuple(tests) or None
