"""What translating, each rule and everything cost, beside json.loads.

Reads the n8n workflows below WORKFLOW_CORPUS (the samples when it is not set), keeps them in
memory, warms up, and takes the best of several rounds: the machine may be noisy, ratios are not.
"""

from __future__ import annotations

import gc
import json
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from apps.workflows.analysis.config import DEFAULT, Config
from apps.workflows.analysis.engine import analyse
from apps.workflows.analysis.graph import Graph
from apps.workflows.analysis.rules import all_rules
from apps.workflows.platforms import REGISTRY, open_document
from apps.workflows.samples import NAMES, sample_text

#: Steps of the workflows that show how time grows.
SIZES = (10, 200, 2_000, 20_000)
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))


def best(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Seconds of the fastest round, after one that is not counted."""
    work()
    times = []
    for _ in range(rounds):
        gc.collect()
        gc.disable()
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
        gc.enable()
    return min(times)


def corpus() -> list[bytes]:
    folder = os.environ.get("WORKFLOW_CORPUS", "")
    if not folder:
        return [sample_text(name).encode() for name in NAMES]
    return [path.read_bytes() for path in sorted(Path(folder, "n8n").glob("*.json"))]


def translate(documents: list[Any]) -> list[Graph]:
    graphs = []
    for document in documents:
        bundle = open_document(document)
        module = REGISTRY[bundle.platform]
        graphs += [module.translate(source) for source in bundle.sources]
    return graphs


def run_rules(graphs: list[Graph], config: Config = DEFAULT) -> None:
    for graph in graphs:
        analyse(graph, config)


def rule_times(documents: list[Any]) -> dict[str, float]:
    """Seconds of each rule alone, on graphs whose shared facts are there already."""
    graphs = translate(documents)
    run_rules(graphs)
    everything = frozenset(all_rules())
    nothing = best(partial(run_rules, graphs, Config(off=everything)), 3)

    def alone(rule_id: str) -> float:
        return best(partial(run_rules, graphs, Config(off=everything - {rule_id})), 3)

    return {rule_id: max(0.0, alone(rule_id) - nothing) for rule_id in everything}


def long_workflow(steps: int) -> dict[str, Any]:
    """A HighLevel workflow of this many steps: texts, waits, branches that come together again."""
    templates: list[dict[str, Any]] = []
    for n in range(0, steps, 5):
        after = f"s{n + 5:06}" if n + 5 < steps else None
        body = {"body": f"Hi {{{{contact.first_name}}}}, this is message {n}. Reply STOP to end."}
        wait = {"type": "time", "startAfter": {"type": "days", "value": 1, "when": "after"}}
        tag = {"tags": [f"tag-{n}"]}
        ids = [f"s{n + k:06}" for k in range(5)]
        templates += [
            {"id": ids[0], "type": "sms", "name": f"Text {n}", "attributes": body, "next": ids[1]},
            {"id": ids[1], "type": "wait", "name": "Wait", "attributes": wait, "next": ids[2]},
            {"id": ids[2], "type": "add_contact_tag", "name": "Tag", "attributes": tag},
            {"id": ids[3], "type": "add_notes", "name": "Note", "attributes": {"html": "x"}},
            {"id": ids[4], "type": "wait", "name": "Wait again", "attributes": wait, "next": after},
        ]
        templates[-3]["next"], templates[-2]["next"] = ids[3:]
    return {"name": "Long", "status": "published", "workflowData": {"templates": templates[:steps]}}


def whole(document: Any) -> None:
    for graph in translate([document]):
        analyse(graph)


def measure() -> dict[str, Any]:
    raw = corpus()
    documents = [json.loads(data) for data in raw]
    graphs = translate(documents)
    loads = best(lambda: [json.loads(data) for data in raw])
    translating = best(lambda: translate(documents))
    everything = best(lambda: run_rules(translate(documents)))
    growth = {size: best(partial(whole, long_workflow(size)), 3) for size in SIZES}
    samples = {name: best(partial(whole, json.loads(sample_text(name)))) for name in NAMES}
    return {
        "workflows": len(graphs),
        "steps": sum(len(graph.steps) for graph in graphs),
        "bytes": sum(map(len, raw)),
        "jsonLoads": loads,
        "translate": translating,
        "all": everything,
        "rules": dict(sorted(rule_times(documents).items(), key=lambda row: -row[1])),
        "samples": samples,
        "growth": growth,
    }
