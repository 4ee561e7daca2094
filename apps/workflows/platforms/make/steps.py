"""Modules to steps: what each is called, set to, and how it meets an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.workflows.analysis.graph import Step, Wait
from apps.workflows.platforms.make.fields import items, mapping, number, objects, text
from apps.workflows.platforms.make.layout import Layout, branch_count
from apps.workflows.platforms.make.types import DIRECTIVES, SLEEP, label_of, spec_of

_CONTINUE = frozenset({"builtin:Ignore", "builtin:Resume"})
_BREAK = "builtin:Break"
#: How connections are called where a stripped blueprint does not describe its parameters.
_CONNECTIONS = ("__IMTCONN__", "account", "makeConnectionId")
_ID_NUMBER = re.compile(r"\d{1,15}(?=$|#)")


@dataclass(slots=True)
class Naming:
    """The modules' ids by place, and the places in the order of their ids."""

    ids: dict[int, str] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    duplicates: dict[str, list[int]] = field(default_factory=dict)


def name_modules(layout: Layout) -> Naming:
    """Every module by an id of its own: the file's, else its place in the walk."""
    naming = Naming()
    named: dict[str, int] = {}
    others: list[tuple[str, int]] = []
    for place, placed in enumerate(layout.placed):
        own = _own_id(placed.module.get("id"))
        if not own:
            others.append((f"(no id) {place + 1}", place))
        elif own in named:
            copies = naming.duplicates.setdefault(own, [named[own]])
            copies.append(place)
            others.append((f"{own}#{len(copies)}", place))
        else:
            named[own] = place
    for free, place in others:
        while free in named:  # another module may really be called so
            free += "'"
        named[free] = place
    naming.ids = {place: name for name, place in named.items()}
    naming.order = sorted(naming.ids, key=lambda place: _sort_key(naming.ids[place]))
    return naming


def _own_id(value: Any) -> str:
    if isinstance(value, str):
        return value
    found = number(value)
    if found is None:
        return ""
    return str(int(value)) if found == int(found) else str(found)


def _sort_key(name: str) -> tuple[float, str]:
    match = _ID_NUMBER.match(name)
    return (int(match[0]) if match else float("inf"), name)


def to_step(layout: Layout, place: int, index: int, step_id: str) -> Step:
    placed = layout.placed[place]
    module = placed.module
    kind = text(module.get("module"))
    designer = mapping(mapping(module.get("metadata")).get("designer"))
    x, y = number(designer.get("x")), number(designer.get("y"))
    params = _params(module)
    return Step(
        index=index,
        id=step_id,
        name=text(designer.get("name")).strip() or label_of(kind),
        type=kind,
        spec=spec_of(kind),
        params=params,
        raw=module,
        enabled=placed.enabled,
        version=number(module.get("version")) or 0.0,
        position=(x, y) if x is not None and y is not None else None,
        wait=_wait(params) if kind in SLEEP else None,
        on_error=_on_error(module),
        retries=_retries(module),
        outputs=_outputs(kind, module),
        credentials_needed=("connection",) if _connections(module) else (),
    )


def _outputs(kind: str, module: Mapping[str, Any]) -> int:
    return branch_count(module) or (0 if kind in DIRECTIVES else 1)


# -- parameters ----------------------------------------------------------------------------


def _params(module: Mapping[str, Any]) -> dict[str, Any]:
    """What the module is set to, by the blueprint's own names.

    ``connection`` is the connection's id, under whatever name the app keeps it; absent when the
    module has none.
    """
    params: dict[str, Any] = {
        "parameters": mapping(module.get("parameters")),
        "mapper": mapping(module.get("mapper")),
    }
    for name in ("filter", "flags"):
        if mapping(module.get(name)):
            params[name] = module[name]
    for name in ("outputs", "filters"):  # of a merge
        if items(module.get(name)):
            params[name] = module[name]
    branches = [
        {name: branch[name] for name in ("type", "label", "conditions") if name in branch}
        for branch in objects(module.get("branches"))
    ]
    if branches:
        params["branches"] = branches
    connection = next(filter(None, map(params["parameters"].get, _connections(module))), None)
    if connection is not None:
        params["connection"] = connection
    return params


def _connections(module: Mapping[str, Any]) -> list[str]:
    """The parameters that hold a connection, as the module's description or its values show."""
    metadata = mapping(module.get("metadata"))
    described = objects(metadata.get("parameters")) + objects(metadata.get("expect"))
    found = [text(entry.get("name")) for entry in described if _takes_connection(entry)]
    parameters = mapping(module.get("parameters"))
    return found + [name for name in _CONNECTIONS if name in parameters and name not in found]


def _takes_connection(entry: Mapping[str, Any]) -> bool:
    if entry.get("required") is False:
        return False
    kind = text(entry.get("type"))
    return entry.get("name") == "__IMTCONN__" or kind == "account" or kind.startswith("account:")


def _wait(params: Mapping[str, Any]) -> Wait:
    """A sleep's length in seconds; an expression is not known before it runs."""
    settings = params["parameters"] | params["mapper"]
    given = settings.get("duration", settings.get("delay"))
    if given is None or given == "":
        return Wait("sleep", 0.0)
    seconds = number(given)
    return Wait("sleep", max(seconds, 0.0) / 60 if seconds is not None else None)


# -- errors --------------------------------------------------------------------------------


def _on_error(module: Mapping[str, Any]) -> str:
    handlers = objects(module.get("onerror"))
    if any(text(handler.get("module")) in _CONTINUE for handler in handlers):
        return "continue"
    return "output" if handlers else ""


def _retries(module: Mapping[str, Any]) -> bool:
    """A break handler tries again by itself unless that is switched off in it."""
    return any(
        text(handler.get("module")) == _BREAK
        and mapping(handler.get("mapper")).get("retry") is not False
        and mapping(handler.get("parameters")).get("retry") is not False
        for handler in objects(module.get("onerror"))
    )
