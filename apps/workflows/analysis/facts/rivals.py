"""What several workflows of an account write on the same start."""

from __future__ import annotations

from apps.workflows.analysis.facts.account import Account
from apps.workflows.analysis.facts.starts import workflows_starting_alike
from apps.workflows.analysis.facts.writes import Target, writes_of

#: Target -> the workflows that write it on one start, and what each of them writes.
Writers = dict[Target, dict[int, frozenset[str | None]]]


def written_together(account: Account) -> dict[str, Writers]:
    """By start, the targets that several workflows write on it; ask with ``account.shared``."""
    found = {}
    for signature, group in account.shared(workflows_starting_alike).items():
        writers: Writers = {}
        for number in group:
            for target, writes in account.graphs[number].shared(writes_of).items():
                values = frozenset(write.value for write in writes)
                writers.setdefault(target, {})[number] = values
        found[signature] = {target: each for target, each in writers.items() if len(each) > 1}
    return found


def rivals(here: int, writers: dict[int, frozenset[str | None]]) -> list[int]:
    """The workflows that write something else; one and the same value is no conflict."""
    own = writers.get(here)
    if own is None:
        return []
    return [
        number
        for number, values in writers.items()
        if number != here and (values != own or len(own) > 1 or None in own)
    ]
