"""The connections of a workflow: edges, and what is wrong with those that are none."""

from __future__ import annotations

from typing import Any

from apps.workflows.analysis.graph import Dangling, Edge, EdgeKind, Kind, Step
from apps.workflows.platforms.n8n.types import Port

_AI = frozenset(
    f"ai_{name}"
    for name in (
        *("agent", "chain", "document", "embedding", "languageModel", "memory", "outputParser"),
        *("reranker", "retriever", "textSplitter", "tool", "vectorStore"),
    )
)
_NEXT: Port = (EdgeKind.NEXT, "")
_BRANCH: Port = (EdgeKind.BRANCH, "")
#: Connections of a type that n8n has not: counted, but no run follows them.
_NOWHERE: Port = (EdgeKind.NEXT, "nowhere")
_ERROR: Port = (EdgeKind.ERROR, "error")


class Wiring:
    """Reads ``connections[name][type][output] = [{node, type, index}]`` for known steps.

    ``ports`` are the edges that leave each step's outputs, ``named`` the step each name leads to.
    """

    def __init__(
        self, steps: list[Step], ports: list[tuple[Port, ...]], named: dict[str, int]
    ) -> None:
        self.steps = steps
        self.ports = ports
        self.named = named
        self.edges: list[Edge] = []
        self.dangling: list[Dangling] = []
        self.bad: list[tuple[int, str]] = []
        self.unknown_sources: list[str] = []
        self.count = 0

    def read(self, connections: dict[str, Any]) -> None:
        known = []
        for name, by_type in connections.items():
            index = self.named.get(name)
            if index is None:
                self.unknown_sources.append(name)
            elif isinstance(by_type, dict):
                known.append((index, by_type))
        # By step, not as the file has them: their order there must not change the graph.
        known.sort(key=_index)
        self.unknown_sources.sort()
        for index, by_type in known:
            for kind in sorted(by_type) if len(by_type) > 1 else by_type:
                outputs = by_type[kind]
                if type(outputs) is list:
                    ports = self.ports[index] if kind == "main" else ()
                    if len(outputs) > len(ports):
                        ports = self._more_ports(index, kind, outputs)
                    self._add(index, outputs, ports)

    def _more_ports(self, index: int, kind: str, outputs: list[Any]) -> tuple[Port, ...]:
        """The edges that leave outputs we do not know the step to have on the flow."""
        used = len(outputs)
        if kind == "main":
            wrong = self.steps[index].spec.kind is Kind.SUBNODE
            ports = self.ports[index]
            ports += tuple([self._beyond(index, n, used) for n in range(len(ports), used)])
        else:
            wrong = kind not in _AI
            ports = ((EdgeKind.ATTACH, kind) if kind.startswith("ai_") else _NOWHERE,) * used
        if wrong and any(targets for targets in outputs if isinstance(targets, list)):
            self.bad.append((index, kind))
        return ports

    def _beyond(self, index: int, port: int, used: int) -> Port:
        """The edges that leave by an output beyond those we know."""
        step = self.steps[index]
        unknown, branches = step.outputs is None, step.spec.kind is Kind.BRANCH
        if step.on_error == "output":
            # n8n appends the error output behind the others. Where we do not know how many those
            # are, the last of several is taken for it; a branch may well have more.
            last = unknown and not branches and 0 < port == used - 1
            if last or port == step.outputs:
                return _ERROR
        return _BRANCH if branches and unknown else _NEXT

    def _add(self, index: int, outputs: list[Any], ports: tuple[Port, ...]) -> None:
        find, edges = self.named.get, self.edges
        for port, targets in enumerate(outputs):
            if type(targets) is not list:
                continue
            kind, label = leaving = ports[port]
            for target in targets:
                name = target.get("node") if type(target) is dict else None
                if type(name) is not str:
                    continue
                self.count += 1
                found = find(name)
                if leaving is _NOWHERE:
                    continue
                if found is None:
                    self.dangling.append(Dangling(index, name, kind, label))
                    continue
                place = target.get("index")
                if type(place) is not int:
                    place = 0
                edges.append(Edge(index, found, kind, label, port, place))


def _index(source: tuple[int, Any]) -> int:
    return source[0]
