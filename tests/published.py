"""What others have counted on clean public n8n workflows, and which of our rules look at that."""

from __future__ import annotations

from dataclasses import dataclass

#: How many workflows those rates were counted on.
COUNTED_ON = 3_812


@dataclass(frozen=True, slots=True)
class Rate:
    """Per cent of workflows: ``low`` to ``high``, as ``text`` says it.

    Ours is the share of workflows that any of ``rules`` fires on; the first names the row. With
    ``live`` only active workflows count, since the rule is silent in others.
    """

    rules: tuple[str, ...]
    text: str
    low: float
    high: float
    note: str = ""
    live: bool = False


RATES = (
    Rate(("no-error-workflow",), "98–100 %", 98, 100, "of the active workflows", live=True),
    Rate(
        ("call-without-error-handling",),
        "80–85 % no handling on any node",
        80,
        85,
        "ours needs a call to the outside and takes a retry or an error workflow for handling",
    ),
    Rate(
        ("deprecated-step", "deprecated-trigger"),
        "21–36 % older version, 14–28 % deprecated node",
        21,
        64,
        "one finding of ours covers both",
    ),
    Rate(("open-inbound-webhook",), "14–19 %", 14, 19),
    Rate(("unconnected-if-output",), "8–12 %", 8, 12),
    Rate(("missing-default-branch",), "8–11 %", 8, 11),
    Rate(("unreachable-step", "orphan-step"), "6–10 % unreachable node", 6, 10),
    Rate(
        ("swallowed-error",),
        "7–10 %",
        7,
        10,
        "the rate counts every node that continues on an error, ours those whose result is used "
        "unchecked",
    ),
    Rate(("pinned-test-data",), "7 %", 7, 7),
    Rate(
        ("disabled-step-in-live-flow",),
        "5 % a disabled node",
        5,
        5,
        "of the active workflows; ours needs a step that runs pass",
        live=True,
    ),
    Rate(("unknown-step-in-expression",), "1.7–1.8 %", 1.7, 1.8),
    Rate(("unwired-error-output",), "1.4–2.4 %", 1.4, 2.4),
    Rate(("insecure-url",), "0.6–1.4 %", 0.6, 1.4),
    Rate(("loop-without-exit",), "0.5–0.9 %", 0.5, 0.9),
    Rate(("hardcoded-secret",), "0–0.6 %", 0, 0.6),
)

#: Published rates that no rule of ours measures alone.
NOT_MEASURED = (
    (
        "an HTTP call without retry, 43–58 %: a call with an error output or an error workflow is "
        "handled too, see call-without-error-handling"
    ),
    (
        "a cycle outside splitInBatches, 5–11 %: only cycles that cannot end well are reported, "
        "see loop-without-exit and unbounded-retry-loop"
    ),
)
