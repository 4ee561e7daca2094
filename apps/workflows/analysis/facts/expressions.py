"""The steps that expressions and code read by name: ``$('Name')``, ``$node["Name"]``, ``{{3.x}}``.

Found by scanning, not by parsing: comments and quoted text do not count, and a name put together
at run time is not guessed at. Every pattern is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apps.workflows.analysis.facts.haystacks import texts_holding
from apps.workflows.analysis.graph import MAKE, N8N, Graph, Kind, Step, Trait


@dataclass(frozen=True, slots=True)
class Reference:
    """An expression in ``parameter`` reads the step ``name`` (Make: the module's id).

    ``is_test`` marks one that needs no run of that step: it asks whether there was one
    (``$('A').isExecuted``) or how the step is set (``$('A').params``).
    """

    parameter: str
    name: str
    is_test: bool = False


def references(graph: Graph) -> dict[int, tuple[Reference, ...]]:
    """For every enabled step that reads others by name: its index and what it reads, in order."""
    return graph.shared(_references)


def readers(graph: Graph) -> dict[str, list[tuple[Step, Reference]]]:
    """The other way round: for every name that is read, the steps that do and how."""
    return graph.shared(_readers)


def _readers(graph: Graph) -> dict[str, list[tuple[Step, Reference]]]:
    found: dict[str, list[tuple[Step, Reference]]] = {}
    for index, refs in references(graph).items():
        for ref in refs:
            found.setdefault(ref.name, []).append((graph.steps[index], ref))
    return found


def _references(graph: Graph) -> dict[int, tuple[Reference, ...]]:
    read = {N8N: _n8n, MAKE: _make}.get(graph.platform)
    if read is None:
        return {}
    return {
        step.index: refs
        for step in graph.steps
        if step.enabled and step.spec.kind is not Kind.NOTE and (refs := read(step))
    }


# -- n8n -----------------------------------------------------------------------------------

_JAVASCRIPT = ("jsCode", "functionCode")
_PYTHON = "pythonCode"
#: Kinds of steps whose parameter ``code`` is JavaScript.
_CODED = (Kind.CODE, Kind.AI, Kind.SUBNODE)

#: A name in quotes; a template that computes part of it is none.
_NAME = (
    r"""(?P<%s>"(?:[^"\\\n]|\\.){0,300}"|'(?:[^'\\\n]|\\.){0,300}'"""
    r"""|`(?:[^`\\$\n]|\\.){0,300}`)"""
)
#: What follows a ``$`` that reads a step.
_READS = (
    r"(?:(?:(?<!\.\$)|(?<=\.\.\.\$))\(\s*" + _NAME % "called" + r"\s*\)"
    r"|items\(\s*" + _NAME % "items" + r"\s*[,)]"
    r"|node(?:\?\.)?\[\s*" + _NAME % "keyed" + r"\s*\]"
    r"|node\.(?P<dotted>[^\W\d]\w*))"
    r"(?P<test>\.(?:isExecuted|params|parameter)\b)?"
)
#: What a JavaScript text is made of, as far as it matters: comments, quoted text, regular
#: expression literals and escapes are stepped over; a backtick opens a template. Every way
#: begins with one of a few characters, which lets the search skip all others at once.
_JAVASCRIPT_TOKEN = (
    r"[/$\"'\\%s](?:"
    rf"(?<=\$)(?<![\w$]\$){_READS}"
    r'|(?<=")(?:[^"\\\n]|\\.)*"'
    r"|(?<=')(?:[^'\\\n]|\\.)*'"
    r"|(?<=/)(?:/[^\n]*|\*(?:.*?\*/|.*))"
    r"|(?:(?<=[(,=:\[!&|?{};]/)|(?<=[(,=:\[!&|?{};]\s/))(?:[^/\\\n]|\\.){1,200}/"
    r"|(?<=\\).|(?P<mark>(?<=[%s])))"
)
_TOKEN = re.compile(_JAVASCRIPT_TOKEN % ("`", "`"), re.DOTALL)
#: The same inside ``${ }``, where braces must be counted to find its end.
_INNER_TOKEN = re.compile(_JAVASCRIPT_TOKEN % ("`{}", "`{}"), re.DOTALL)
_TEMPLATE = re.compile(r"[\\`$](?:(?<=\\).|(?P<mark>(?<=`)|(?<=\$)\{))", re.DOTALL)
_PYTHON_TOKEN = re.compile(
    r"#[^\n]*"
    r'|"""(?:.*?"""|.*)'
    r"|'''(?:.*?'''|.*)"
    r"|(?<![\w.])_\(\s*" + _NAME % "called" + r"\s*\)"
    r"|(?<![\w.])_node\[\s*" + _NAME % "keyed" + r"\s*\]"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r"|\\.",
    re.DOTALL,
)
#: Code that takes ``$`` for something of its own, such as a parsed page.
_OWN_DOLLAR = re.compile(r"(?:\b(?:const|let|var)\s+|[(,]\s*)\$\s*[=,)]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


#: What is in every way to name a step.
_MARKS = ("$(", "$node", "$items")
_PYTHON_MARKS = (*_MARKS, "_(", "_node")


def _is_marked(text: str) -> bool:
    """Whether one of the ways to name a step may be in a text; most have none."""
    return "$(" in text or "$node" in text or "$items" in text


def _n8n(step: Step) -> tuple[Reference, ...]:
    python = _PYTHON in step.params and str(step.params.get("language")).startswith("python")
    if not python and not _is_marked(step.text):
        return ()
    found: list[Reference] = []
    for parameter, text in texts_holding(step.params, _PYTHON_MARKS if python else _MARKS):
        name = parameter.rpartition(".")[2]
        if python and name == _PYTHON:
            found.extend(_python_reads(parameter, text))
            continue
        for code in _codes(step, name, text, python):
            if _is_marked(code):
                own_dollar = code is text and _OWN_DOLLAR.search(code) is not None
                found.extend(_reads(parameter, code, own_dollar))
    return tuple(found)


def _codes(step: Step, name: str, text: str, python: bool) -> Iterable[str]:
    """The JavaScript in a parameter: its expressions, or all of it where it is code."""
    if (
        text.startswith("=")
        or name == "html"
        or (name == "query" and Trait.SQL in step.spec.traits)
    ):
        return expressions_in(text)  # pages and queries have their expressions without the sign
    if name in _JAVASCRIPT:
        return () if python else (text,)
    return (text,) if name == "code" and step.spec.kind in _CODED else ()


def expressions_in(text: str) -> Iterator[str]:
    """The insides of every ``{{ … }}``, as n8n splits them: the first ``}}`` closes."""
    end = 0
    while (start := _unescaped(text, "{{", end)) >= 0:
        end = _unescaped(text, "}}", start + 2)
        if end < 0:
            return
        yield text[start + 2 : end]
        end += 2


def _unescaped(text: str, braces: str, start: int) -> int:
    place = text.find(braces, start)
    while place > 0 and text[place - 1] == "\\":
        place = text.find(braces, place + 2)
    return place


def _reads(parameter: str, code: str, own_dollar: bool) -> Iterator[Reference]:
    """Walk over JavaScript; ``holes`` counts the open braces of each ``${`` around the place."""
    holes: list[int] = []
    in_template = False
    place = 0
    while True:
        token = _TEMPLATE if in_template else _INNER_TOKEN if holes else _TOKEN
        match = token.search(code, place)
        if match is None:
            return
        place = match.end()
        if match["mark"] is None:
            if code[match.start()] == "$" and (found := _reference(parameter, match, own_dollar)):
                yield found
            continue
        sign = code[place - 1]
        if sign == "`":
            in_template = not in_template
        elif in_template:  # at its ``${``
            holes.append(0)
            in_template = False
        elif sign == "}" and holes[-1] == 0:
            holes.pop()
            in_template = True
        else:
            holes[-1] += 1 if sign == "{" else -1


def _reference(parameter: str, match: re.Match[str], own_dollar: bool) -> Reference | None:
    if match["dotted"]:
        return Reference(parameter, match["dotted"], bool(match["test"]))
    quoted = match["keyed"] or match["items"] or (None if own_dollar else match["called"])
    if not quoted:
        return None
    return Reference(parameter, _unquote(quoted), bool(match["test"]))


def _python_reads(parameter: str, code: str) -> Iterator[Reference]:
    for match in _PYTHON_TOKEN.finditer(code):
        if quoted := match["called"] or match["keyed"]:
            yield Reference(parameter, _unquote(quoted))


def _unquote(quoted: str) -> str:
    inner = quoted[1:-1]
    return _ESCAPE.sub(_unescape, inner) if "\\" in inner else inner


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])


# -- Make ----------------------------------------------------------------------------------

#: Inside ``{{ }}``: quoted text and quoted field names are stepped over; ``3.`` before a field
#: names module 3 (``3.5`` is a number).
_MODULE = re.compile(r'"[^"]*"|(?<![\w.`\]])(\d{1,9})\.(?=[^\W\d]|[`$\[])|`[^`]*`')


def _make(step: Step) -> tuple[Reference, ...]:
    if "{{" not in step.text:
        return ()
    return tuple(
        Reference(parameter, match[1])
        for parameter, text in texts_holding(step.params, ("{{",))
        for code in expressions_in(text)
        for match in _MODULE.finditer(code)
        if match[1]
    )
