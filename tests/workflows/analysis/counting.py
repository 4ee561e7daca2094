"""Prints how many functions are called to analyse each made workflow, small and large."""

import json
import sys
from typing import Any

from tests.workflows.analysis.test_large_graphs import MADE, inspected


def calls(document: Any) -> int:
    counted = 0

    def count(frame: Any, event: str, arg: Any) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        inspected(document)
    finally:
        sys.setprofile(None)
    return counted


def counts(name: str) -> list[int]:
    few, many = MADE[name](150), MADE[name](600)
    inspected(few)  # what is made once and kept is made now
    return [calls(few), calls(many)]


if __name__ == "__main__":
    sys.stdout.write(json.dumps({name: counts(name) for name in MADE}))
