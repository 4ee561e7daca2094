"""`make bench`: everything in one run, as tables or (`BENCH=--json`) for a machine.

`BENCH=core` measures the core alone, which needs no server; `BENCH=service` the rest, which needs
wrk. Times depend on the machine; the ratios beside them are what to compare.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from typing import Any

from tests.bench import core, page
from tests.bench.load import wrk

PARTS = ("core", "service")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="default: both")
    parser.add_argument("--json", action="store_true", help="for a machine")
    chosen = parser.parse_args()
    parts = chosen.parts or PARTS
    if "service" in parts and wrk() is None:
        print("The service part needs wrk (Debian: apt-get install wrk).", file=sys.stderr)
        return 2
    result: dict[str, Any] = {}
    if "core" in parts:
        result["core"] = core.measure()
    if "service" in parts:
        from tests.bench import service

        result["service"] = service.measure()
    print(json.dumps(result, indent=2) if chosen.json else "\n".join(_page(result)))
    return 0


def _page(result: dict[str, Any]) -> list[str]:
    machine = f"Python {platform.python_version()}, {os.cpu_count()} processors"
    lines = ["# Performance", "", f"Written by `make performance` ({machine}).", ""]
    if "core" in result:
        lines += page.core(result["core"])
    if "service" in result:
        lines += page.service(result["service"])
    return lines


if __name__ == "__main__":
    sys.exit(main())
