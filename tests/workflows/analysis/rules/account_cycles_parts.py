"""What the tests of account cycles are made of."""

from tests.workflows.analysis.agency import (
    JSON,
    chain,
    flow,
    made,
    reported,
    started,
)

RULE = "workflow-cycle"


def enrol(target, key="go"):
    return made("add_to_workflow", key, f"On to {target}", workflow_id=target)


def tag(name, key="tag"):
    return made("add_contact_tag", key, f"Add {name}", tags=[name])


def on_tag(name, **filters):
    return started("contact_tag", "t1", f"Tag {name}", tagsAdded=name, **filters)


def pair(first, second, triggers_a=(), triggers_b=(), **lists) -> JSON:
    """Two workflows, A and B, of these steps."""
    flows = [
        flow("A", "First", chain(*first), list(triggers_a)),
        flow("B", "Second", chain(*second), list(triggers_b)),
    ]
    return {"workflows": flows, **lists}


def severities(bundle):
    found = reported(bundle, RULE)
    return {key: [each.severity.value for each in hits] for key, hits in found.items()}


BOTH_HIGH = {"A": ["high"], "B": ["high"]}
