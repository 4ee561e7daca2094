"""`make fuzz`: coverage-guided fuzzing of translators and rules for a bounded time (atheris).

Starts from the samples and the rules' own examples (and the workflows below WORKFLOW_CORPUS) and
changes them as JSON: values replaced, removed, doubled, moved. Whatever comes out, the core may
refuse it with a DefinitionError; any other exception, or a rule that fails inside, ends the run
with the input in FUZZ_KEEP.
"""

from __future__ import annotations

import copy
import json
import logging
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["apps.workflows"]):
    from apps.workflows.analysis.rules import all_rules
    from apps.workflows.inspection import inspect_document
    from apps.workflows.platforms.base import DefinitionError
    from apps.workflows.platforms.loading import check_depth, scrub
    from apps.workflows.samples import NAMES, sample

    all_rules()  # imports their files

SECONDS = int(os.environ.get("FUZZ_SECONDS", "300"))
KEEP = os.environ.get("FUZZ_KEEP", str(Path(tempfile.gettempdir(), "workflow-debugger-fuzz")))
LARGEST_SEED = 60_000
ODD: list[Any] = [
    *(None, True, False, 0, -1, 1e308, 10**30, "", " ", "0", "\ud800", "\x00", "{{", "={{ $('"),
    *([], {}, [[]], [None], [{}], {"": None}, {"id": {}}, "x" * 300, "é" * 50, [[[[[]]]]]),
]


def run(data: bytes) -> None:
    try:
        document = json.loads(data)
        check_depth(document)
    except (ValueError, RecursionError, DefinitionError):
        return
    try:
        found = inspect_document(scrub(document))
    except DefinitionError:
        return
    for each in found:
        for row in each.analysis.not_checked if each.analysis else ():
            if "the rule failed" in row.reason:
                raise AssertionError(f"{row.rule_id}: {row.reason}")


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """One to four changes at random places of the JSON; what is no JSON becomes a sample."""
    chance = random.Random(seed)  # noqa: S311  (no secret)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = sample(chance.choice(NAMES))
    for _ in range(chance.randint(1, 4)):
        document = _change(document, chance)
    changed = json.dumps(document).encode()
    return changed if len(changed) <= max_size else data[:max_size]


def _change(document: Any, chance: random.Random) -> Any:
    places = list(_places(document))
    if not places:
        return chance.choice(ODD)
    holder, key = chance.choice(places)
    other, other_key = chance.choice(places)
    match chance.randrange(5):
        case 0:
            holder[key] = copy.deepcopy(chance.choice(ODD))
        case 1:
            del holder[key]
        case 2:
            holder[key] = copy.deepcopy(other[other_key])
        case 3 if isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        case 3:
            holder[str(chance.choice(ODD))[:20]] = holder.pop(key)
        case _:
            holder[key] = [holder[key]] if chance.random() < 0.5 else str(holder[key])[:100]
    return document


def _places(document: Any) -> list[tuple[Any, Any]]:
    """Every place in the document that can be changed: what holds it, and its key there."""
    found: list[tuple[Any, Any]] = []
    stack = [document] if isinstance(document, (dict, list)) else []
    while stack and len(found) < 20_000:
        item = stack.pop()
        keys = list(item) if isinstance(item, dict) else range(len(item))
        for key in keys:
            found.append((item, key))
            if isinstance(item[key], (dict, list)):
                stack.append(item[key])
    return found


def seeds() -> list[bytes]:
    documents = [sample(name) for name in NAMES]
    documents += [e.definition for rule in all_rules().values() for e in rule.page.examples]
    found = [json.dumps(document).encode() for document in documents]
    folder = os.environ.get("WORKFLOW_CORPUS", "")
    if folder:
        files = (path for path in Path(folder).rglob("*.json") if path.is_file())
        found += [path.read_bytes() for path in files if path.stat().st_size <= LARGEST_SEED]
    return found


def main() -> None:
    logging.disable()
    Path(KEEP).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds()):
            Path(folder, f"{number}.json").write_bytes(seed)
        options = [f"-max_total_time={SECONDS}", "-max_len=200000", "-timeout=20"]
        options += [f"-artifact_prefix={KEEP}/", "-rss_limit_mb=2048", "-print_final_stats=1"]
        atheris.Setup([sys.argv[0], *options, folder], run, custom_mutator=mutate)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
