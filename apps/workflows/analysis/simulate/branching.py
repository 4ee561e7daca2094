"""Which way a contact takes out of a step, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from apps.workflows.analysis.facts.conditions import Branch, branches
from apps.workflows.analysis.facts.values import mapping, text
from apps.workflows.analysis.graph import (
    HIGHLEVEL,
    MAKE,
    NODE_RED,
    Edge,
    EdgeKind,
    Graph,
    Kind,
    Step,
    Trait,
)
from apps.workflows.analysis.simulate.deciding import Judge
from apps.workflows.analysis.simulate.reading import is_else, switch_rules, takes_all

UNDECIDED = "cannot be decided from the facts given"


class Choice(NamedTuple):
    """The edges that are followed; ``name`` is the branch's."""

    edges: list[Edge]
    reason: str
    name: str = ""


def parts_ways(step: Step) -> bool:
    """Whether one of several ways is taken, not all."""
    return step.spec.kind is Kind.BRANCH or Trait.MULTIPATH in step.spec.traits


def ways_out(graph: Graph, step: Step) -> list[Edge]:
    """Where a run may go on when nothing fails."""
    return [edge for edge in graph.out[step.index] if edge.kind is not EdgeKind.ERROR]


def choose(graph: Graph, step: Step, judge: Judge) -> Choice:
    """One way out of a branching step."""
    out = [edge for edge in ways_out(graph, step) if edge.kind is not EdgeKind.TIMEOUT]
    if not out:
        return Choice([], "no way out of this step leads anywhere")
    if step.type == "workflow_split":
        return _split(step, out, judge.contact.id)
    if graph.platform == NODE_RED:
        return _by_rule(step, out, judge)
    read = branches(graph).get(step.index, [])
    if graph.platform == MAKE and not read:
        return Choice(out, "every route is tried; filters decide behind")
    if not read:
        return _undecided(out, "")
    if graph.platform == HIGHLEVEL:
        return _by_name(out, read, judge)
    return _by_port(out, read, judge)


def _undecided(out: Sequence[Edge], lacking: str) -> Choice:
    """The way for what no branch takes: the last one, as the builders put it."""
    edge = _otherwise(out)
    what = f" (“{lacking}”)" if lacking else ""
    reason = f"{UNDECIDED}{what}; “{edge.label or 'else'}” is followed"
    return Choice([each for each in out if each.port == edge.port], reason, edge.label)


def _by_rule(step: Step, out: Sequence[Edge], judge: Judge) -> Choice:
    """Node-RED tries the rules from the top, all of them or to the first that holds."""
    taken: list[int] = []
    lacking = ""
    rules = switch_rules(step)
    for port, rule in enumerate(rules):
        verdict = not taken if is_else(rule) and not lacking else judge.branch(rule)
        if verdict:
            taken.append(port)
            if not takes_all(step):
                break
        elif verdict is None:
            lacking = lacking or judge.lacking or "a rule"
    if (lacking and not taken) or not rules:
        return _undecided(out, lacking)
    edges = [edge for edge in out if edge.port in taken]
    reason = "the rule holds" if taken else "no rule holds"
    return Choice(edges, reason, edges[0].label if edges else "")


def _otherwise(out: Sequence[Edge]) -> Edge:
    words = ("none", "else", "otherwise", "fallback", "no condition met", "false", "not found")
    named = [edge for edge in out if edge.label.strip().lower() in words]
    return named[-1] if named else out[-1]


def _by_name(out: list[Edge], read: Sequence[Branch], judge: Judge) -> Choice:
    """HighLevel tries the branches from the top; who passes none goes down the None branch."""
    left = list(out)
    lacking = ""
    for place, branch in enumerate(read):
        edge = _edge_of(branch, place, left, out)
        verdict = judge.branch(branch)
        if edge is not None and edge in left and len(left) > 1:
            left.remove(edge)
        if verdict is None:
            lacking = lacking or judge.lacking or branch.name
        elif verdict:
            reason = f"the conditions of “{branch.name or place + 1}” hold"
            return Choice([edge] if edge is not None else [], reason, branch.name)
    rest = [edge for edge in left if edge.kind is EdgeKind.BRANCH] or left
    if lacking:
        return _undecided(rest, lacking)
    if len(left) == len(out) or not rest:
        return Choice([], "no branch's conditions hold and no branch is left")
    return Choice([rest[-1]], "the conditions of no branch hold", rest[-1].label)


def _edge_of(branch: Branch, place: int, left: Sequence[Edge], out: Sequence[Edge]) -> Edge | None:
    same = [edge for edge in left if edge.label == branch.name]
    if same:
        return same[0]
    return next((edge for edge in out if edge.port == place), None)


def _by_port(out: list[Edge], read: Sequence[Branch], judge: Judge) -> Choice:
    """n8n: a rule's output has its number; an if has true at 0 and false at 1."""
    names = {edge.port: edge.label for edge in out}
    lacking = ""
    for port, branch in enumerate(read):
        verdict = judge.branch(branch)
        if verdict is None:
            lacking = lacking or judge.lacking or "the condition"
        elif verdict:
            name = branch.name or names.get(port, "")
            return Choice([edge for edge in out if edge.port == port], "the condition holds", name)
    last = len(read)
    edges = [edge for edge in out if edge.port == last]
    name = names.get(last, "")
    if not lacking:
        return Choice(edges, "the condition does not hold", name)
    if not edges:
        return _undecided(out, lacking)
    return Choice(edges, f"{UNDECIDED} (“{lacking}”); “{name or 'else'}” is followed", name)


def _split(step: Step, out: list[Edge], contact: str) -> Choice:
    """By weight, and the same for the same contact every time."""
    weights = mapping(mapping(step.params.get("extras")).get("weightDistribution"))
    shares = [_share(weights, edge, step) for edge in out]
    if not any(shares):
        shares = [1.0] * len(out)
    digest = hashlib.sha256(f"{contact}\x1f{step.id}".encode("utf-8", "replace")).digest()
    mark = int.from_bytes(digest[:6], "big") / 2**48 * sum(shares)
    chosen = 0
    while chosen < len(out) - 1 and mark >= shares[chosen]:
        mark -= shares[chosen]
        chosen += 1
    part = f"{shares[chosen] / sum(shares):.0%}"
    reason = f"this contact falls into the {part} that take “{out[chosen].label}”"
    return Choice([out[chosen]], reason, out[chosen].label)


def _share(weights: Mapping[str, object], edge: Edge, step: Step) -> float:
    ids = step.raw.get("next")
    listed = ids if isinstance(ids, list) else [ids]
    key = text(listed[edge.port]) if 0 <= edge.port < len(listed) else ""
    weight = weights.get(key)
    return float(weight) if isinstance(weight, (int, float)) and 0 < weight < 1e6 else 0.0
