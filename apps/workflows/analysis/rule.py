"""How a rule is declared, and its page read from the docstring of its file."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from apps.workflows.analysis.findings import Category, Confidence, Hit, NotChecked, Severity
from apps.workflows.analysis.graph import Graph, Kind, Need, Step

#: What a check may return: nothing, one thing to report, several, or that it could not be made.
Found = Hit | NotChecked | Iterable[Hit] | None
StepCheck = Callable[[Step, Graph], Found]
GraphCheck = Callable[[Graph], Found]


@dataclass(frozen=True, slots=True)
class Example:
    """A definition from a rule's page; ``platform`` is empty when the heading names none."""

    good: bool
    platform: str
    text: str

    @property
    def definition(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    why: str
    how_to_fix: str
    examples: tuple[Example, ...]

    @property
    def bad(self) -> Example:
        return next(example for example in self.examples if not example.good)

    @property
    def good(self) -> Example:
        return next(example for example in self.examples if example.good)


@dataclass(eq=False)
class Rule:
    """One row of the catalogue. Its id and category come from where its file stands.

    ``needs`` names what must be in the file beside the steps, else the rule is not checked;
    ``live_only`` rules weigh one level less in a workflow that is known not to be active;
    ``options`` are thresholds a user may change.
    """

    module: str
    doc: str | None
    severity: Severity
    confidence: Confidence
    platforms: Collection[str]
    needs: tuple[Need, ...] = ()
    live_only: bool = False
    options: Mapping[str, float] = field(default_factory=dict)
    step_checks: list[tuple[frozenset[Kind], StepCheck]] = field(default_factory=list)
    text_checks: list[tuple[tuple[str, ...], StepCheck]] = field(default_factory=list)
    graph_checks: list[GraphCheck] = field(default_factory=list)

    def __post_init__(self) -> None:
        folder, name = self.module.rsplit(".", 2)[-2:]
        self.id = name.replace("_", "-")
        self.category = Category(folder)

    # -- declaring checks ------------------------------------------------------------------

    def step(self, *kinds: Kind) -> Callable[[StepCheck], StepCheck]:
        """The check is called for every enabled step of these kinds."""

        def register(check: StepCheck) -> StepCheck:
            self.step_checks.append((frozenset(kinds), check))
            return check

        return register

    def text(self, *needles: str) -> Callable[[StepCheck], StepCheck]:
        """The check is called for every enabled step whose text holds one of the needles.

        Needles are compared in lower case with the lower-cased text. Notes are not searched.
        """

        def register(check: StepCheck) -> StepCheck:
            self.text_checks.append((tuple(needle.lower() for needle in needles), check))
            return check

        return register

    def graph(self, check: GraphCheck) -> GraphCheck:
        """The check is called once per workflow."""
        self.graph_checks.append(check)
        return check

    def option(self, graph: Graph, name: str) -> float:
        """A threshold, as the caller set it or by default."""
        return graph.options.get(self.id, {}).get(name, self.options[name])

    # -- the page --------------------------------------------------------------------------

    @cached_property
    def page(self) -> Page:
        return parse_page(self.doc or "")

    @cached_property
    def impact(self) -> str:
        """What the fault costs: the first paragraph of *Why it matters*."""
        return self.page.why.split("\n\n", 1)[0].replace("\n", " ")

    @cached_property
    def remedy(self) -> str:
        return self.page.how_to_fix.split("\n\n", 1)[0].replace("\n", " ")


_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_EXAMPLE = re.compile(r"(Bad|Good)(?: \(([a-z0-9-]+)\))?")


def parse_page(doc: str) -> Page:
    """Read a rule's docstring: a title, *Why it matters*, *How to fix*, *Bad* and *Good*.

    Raises ``ValueError`` when a part is missing or a heading is not known.
    """
    head, *rest = _HEADING.split(textwrap.dedent(doc).strip())
    sections: dict[str, str] = {}
    examples: list[Example] = []
    for heading, body in zip(rest[::2], rest[1::2], strict=True):
        if match := _EXAMPLE.fullmatch(heading.strip()):
            text = textwrap.dedent(body.strip("\n")).strip()
            examples.append(Example(match[1] == "Good", match[2] or "", text))
        elif heading in ("Why it matters", "How to fix"):
            sections[heading] = body.strip()
        else:
            raise ValueError(f"unknown heading {heading!r}")
    if len(sections) != 2 or {example.good for example in examples} != {True, False}:
        raise ValueError("a rule's page needs Why it matters, How to fix, Bad and Good")
    title = head.strip().rstrip(".")
    return Page(title, sections["Why it matters"], sections["How to fix"], tuple(examples))


def names(steps: Sequence[Step], most: int = 5) -> str:
    """Steps for a sentence: “A”, “B” and 3 more."""
    quoted = [f"“{step.label}”" for step in steps[:most]]
    if len(steps) > most:
        return ", ".join(quoted) + f" and {len(steps) - most} more"
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]
