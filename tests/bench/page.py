"""The measurements as tables, the same for the terminal and for docs/performance.md."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

Figures = dict[str, Any]
_SETUP = (
    "gunicorn with `config/gunicorn.py` (2 processes of 8 threads), PostgreSQL and Redis; wrk on "
    "the same machine takes its share of the processors."
)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; every column but the first is set to the right."""
    line = "| " + " | ".join(head) + " |"
    rule = "|" + "|".join("---" if n == 0 else "---:" for n in range(len(head))) + "|"
    return [line, rule, *("| " + " | ".join(row) + " |" for row in rows), ""]


def core(result: Figures) -> list[str]:
    """Translating, the rules and the score, beside json.loads of the same bytes."""
    total = f"{result['workflows']} workflows, {result['steps']} steps, {result['bytes']:,} bytes"
    whole = [("json.loads", "jsonLoads"), ("translate", "translate")]
    whole.append(("translate + rules + score", "all"))
    small, large = result["growth"][2_000], result["growth"][20_000]
    exponent = math.log10(large / small)
    head = ["", "a workflow (ms)", "a step (µs)", "of json.loads"]
    rules = [_row(name, seconds, result) for name, seconds in result["rules"].items()]
    return [
        *("## The core", "", f"{total}.", ""),
        *table(head, [_row(name, result[key], result) for name, key in whole]),
        *("One workflow, translate + rules + score:", ""),
        *table(["", "ms"], [[k, f"{v * 1e3:.2f}"] for k, v in _single(result).items()]),
        f"20,000 steps take {large / small:.1f} × the time of 2,000 (exponent {exponent:.2f}).",
        *("", "Each rule alone, shared facts ready:", ""),
        *table(head, rules),
    ]


def _single(result: Figures) -> dict[str, float]:
    samples = {f"sample *{name}*": seconds for name, seconds in result["samples"].items()}
    return samples | {f"{size:,} steps": seconds for size, seconds in result["growth"].items()}


def _row(name: str, seconds: float, result: Figures) -> list[str]:
    return [
        name,
        f"{seconds * 1e3 / result['workflows']:.4f}",
        f"{seconds * 1e6 / result['steps']:.3f}",
        f"{seconds / result['jsonLoads']:.3f}",
    ]


def service(result: Figures) -> list[str]:
    """Requests a second and times as a client on the same machine sees them."""
    head = [
        "8 connections",
        "requests/s",
        "p50 (ms)",
        "p95",
        "p99",
        "failed",
        "of Django",
        "of DRF",
    ]
    rows = [
        [
            *(name, f"{each['perSecond']:.0f}", *_times(each), str(each["failed"])),
            *(f"{each['ofPlain']:.2f}", f"{each['ofRest']:.2f}"),
        ]
        for name, each in result["loads"].items()
    ]
    crowds = [("100 at once", result["users100"]), ("1,000 at once", result["connections1000"])]
    memory = result["memory"]
    return [
        *("## The service", ""),
        _SETUP,
        "",
        *table(head, rows),
        *table(
            ["GET /api/history", "requests", "p50 (ms)", "p95", "p99", "failed"],
            [[n, str(e["requests"]), *_times(e), str(e["failed"])] for n, e in crowds],
        ),
        *table(
            ["A scan with Celery workers", "workflows/s"],
            [[f"{n} worker process(es)", f"{rate:.0f}"] for n, rate in result["scan"].items()],
        ),
        *table(
            ["Resident memory of the web processes", "MB"],
            [
                ["at rest", _megabytes(memory["atRest"])],
                ["after the requests above", _megabytes(memory["before10000"])],
                [f"after {memory['asked']:,} more", _megabytes(memory["after10000"])],
            ],
        ),
    ]


def _times(each: Figures) -> list[str]:
    return [f"{each[name]:.1f}" for name in ("p50", "p95", "p99")]


def _megabytes(values: Iterable[float]) -> str:
    return ", ".join(f"{value:.0f}" for value in values)
