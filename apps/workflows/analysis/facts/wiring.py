"""What is wrong with a workflow's wiring, where several rules need the same answer."""

from __future__ import annotations

from apps.workflows.analysis.graph import HIGHLEVEL, N8N, NODE_RED, Dangling, EdgeKind, Graph

#: Fewer connections than this say nothing about the whole.
ENOUGH = 4


def lost_ends(graph: Graph) -> list[Dangling]:
    """The connections that certainly lead nowhere.

    A Node-RED link may lead to a tab that was left out of the file; a wire never leaves its tab.
    """
    if graph.platform != NODE_RED:
        return graph.dangling
    return [end for end in graph.dangling if end.kind is not EdgeKind.GOTO]


def is_broken(graph: Graph) -> bool:
    """Whether over half of at least four connections lead to steps that are not there.

    One cause (a botched export, an edit by hand) then stands behind all of them.
    """
    return graph.connections >= ENOUGH and 2 * len(lost_ends(graph)) > graph.connections


def copies(graph: Graph) -> set[int]:
    """Steps that share what connections go by with an earlier step, which gets those of both.

    That they seem unconnected is the doing of the shared name or id, not a fault of their own.
    """
    by_key = {N8N: graph.duplicate_names, HIGHLEVEL: graph.duplicate_ids}
    by_key[NODE_RED] = graph.duplicate_ids  # Make connects by place, not by id
    shared = by_key.get(graph.platform, {})
    return {index for indexes in shared.values() for index in sorted(indexes)[1:]}
