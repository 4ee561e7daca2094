"""What n8n's packages say about their step types, per type version (``facts.json``).

The file has one line per type; ``base.`` and ``ai.`` are n8n's own two packages. Keys of a type:

- ``eras``: groups of versions (``v``) that share facts: ``set``, the defaults of the parameters
  on which anything hangs (an operation's may differ by resource); ``creds``, the credentials that
  are required and the parameter values under which they are; ``out``, how many outputs on the
  flow (one if not said), their labels, or the name of a counter in ``outputs.py``
- ``sends``, ``charges``, ``writes``, ``sql``, ``waits``, ``branches``: the operations that do so,
  ``resource.operation`` or ``operation`` alone; ``""`` stands for versions without operations
- ``when``: a parameter value that fixes resource and operation by itself
- ``starts``: runs the workflow that the parameter ``workflowId`` names
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apps.workflows.analysis.graph import Kind

_DATA: dict[str, Any] = json.loads(Path(__file__).with_name("facts.json").read_text("utf-8"))
#: First words of operation names that change something: ``create``, ``addLabels``…
WRITING: frozenset[str] = frozenset(_DATA["verbs"])

#: Stands for a value that only a run will know.
EXPRESSION = "="
_SWITCH = ("false", "true")

Conditions = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Era:
    """The facts that a group of versions of one type share."""

    defaults: Mapping[str, Any]
    credentials: Mapping[str, Conditions]
    outputs: int | str | tuple[str, ...]
    wait: tuple[float, str] | None


@dataclass(frozen=True, slots=True, eq=False)
class TypeFacts:
    """The facts about one type; ``tool`` is set for the variants that serve an AI agent."""

    label: str
    newest: float
    versions: tuple[tuple[float, Era], ...]
    selectors: tuple[str, ...]
    kind: Kind | None
    trigger: str
    local: bool
    risky: bool
    channel: str | Mapping[str, str]
    message: Kind
    operations: Mapping[str, frozenset[str]]
    method: tuple[str, ...]
    when: tuple[str, str, Mapping[str, str | None]] | None
    deprecated: str
    starts: bool
    tool: str = ""

    def era(self, version: float) -> tuple[Era, bool]:
        """The facts for a version, or the nearest, and whether they are about that version.

        A node without a version is only known as far as all versions agree.
        """
        newest = self.versions[-1][1]
        if not version:
            return newest, self.versions[0][1] is newest
        best = self.versions[0][1]
        for number, era in self.versions:
            if number == version:
                return era, True
            if number < version:
                best = era
        return best, False

    def has(self, version: float) -> bool:
        return any(number == version for number, _ in self.versions)

    def values(self, era: Era, params: Mapping[str, Any]) -> dict[str, str | None]:
        """The values of the parameters that matter, defaults filled in."""
        found: dict[str, str | None] = {}
        for name in self.selectors:
            if name in era.defaults:
                default = era.defaults[name]
                value = _plain(params.get(name), default)
                if value is None and isinstance(default, dict):
                    default = _by_resource(default, found.get("resource"))
                found[name] = default if value is None else value
        if self.when and found.get(self.when[0]) == self.when[1]:
            found.update(self.when[2])
        return found


def _by_resource(defaults: Mapping[str, str], resource: str | None) -> str | None:
    if resource == EXPRESSION:
        return EXPRESSION
    return defaults.get(resource or "*", defaults.get("*"))


def _plain(value: Any, default: Any) -> str | None:
    """A parameter's value as the facts write it; ``None`` where it is of no type they have."""
    if isinstance(value, str):
        return EXPRESSION if value[:1] == EXPRESSION else value
    if isinstance(value, bool) and default in _SWITCH:
        return _SWITCH[value]
    return None


def _era(raw: Mapping[str, Any]) -> Era:
    outputs = raw.get("out", 1)
    wait = raw.get("wait")
    return Era(
        raw.get("set", {}),
        raw.get("creds", {}),
        tuple(outputs) if isinstance(outputs, list) else outputs,
        (float(wait[0]), wait[1]) if wait else None,
    )


def _type_facts(raw: Mapping[str, Any]) -> TypeFacts:
    versions = []
    for group in raw["eras"]:
        era = _era(group)
        versions += [(float(number), era) for number in group["v"]]
    versions.sort(key=lambda pair: pair[0])
    names = {name for _, era in versions for name in era.defaults}
    when = raw.get("when")
    return TypeFacts(
        label=raw["label"],
        newest=float(raw["newest"]),
        versions=tuple(versions),
        # The resource first: the default of the operation depends on it.
        selectors=tuple(sorted(names, key=lambda name: (name != "resource", name))),
        kind=Kind(raw["kind"]) if "kind" in raw else None,
        trigger=raw.get("trigger", ""),
        local=raw.get("local", False),
        risky=raw.get("risky", False),
        channel=raw.get("channel", ""),
        message=Kind(raw.get("message", "message")),
        operations={
            key: frozenset(raw[key])
            for key in ("sends", "charges", "writes", "sql", "waits", "branches")
            if key in raw
        },
        method=tuple(raw.get("method", ())),
        when=(when[0], when[1], when[2]) if when else None,
        deprecated=raw.get("deprecated", ""),
        starts=raw.get("starts", False),
    )


def _index() -> dict[str, tuple[str, str]]:
    """Every type name we know, with the type it is made from and the kind of tool it is.

    n8n makes ``slackTool`` from ``slack``, and ``slackHitlTool`` to have an agent ask a person.
    """
    types: dict[str, dict[str, Any]] = _DATA["types"]
    index = {}
    for name, raw in types.items():
        if "tool" in raw:
            index[f"{name}Tool"] = (name, "tool")
            if "channel" in raw:
                index[f"{name}HitlTool"] = (name, "approval")
    index.update((name, (name, "")) for name in types)
    return index


_INDEX = _index()
_BUILT: dict[str, TypeFacts] = {}


def find(node_type: str) -> TypeFacts | None:
    """The facts about a type, read on first use; ``None`` for types of other packages."""
    facts = _BUILT.get(node_type)
    if facts is None and node_type in _INDEX:
        made_from, tool = _INDEX[node_type]
        facts = _type_facts(_DATA["types"][made_from])
        if tool:
            facts = replace(facts, label=f"{facts.label} Tool", tool=tool)
        _BUILT[node_type] = facts
    return facts
