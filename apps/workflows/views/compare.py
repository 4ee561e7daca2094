"""Two analyses side by side: what is new, fixed and unchanged, as lists and as pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from apps.accounts.models import Membership
from apps.billing.entitlements import entitlements
from apps.ops.errors import ApplicationError
from apps.workflows.analysis.graph import Graph
from apps.workflows.analysis.rules import all_rules
from apps.workflows.reports.wording import clean, labels
from apps.workflows.selectors import comparison_of, version_graph
from apps.workflows.views.doors import account_page, show
from apps.workflows.views.pictures import picture_of_issues
from apps.workflows.views.reading import Issue, issues_of
from apps.workflows.views.reports import analysis_of

#: Steps of one kind of change that are named.
MOST_STEPS = 30


@dataclass(frozen=True, slots=True)
class Group:
    """Issues of one fate; ``total`` counts those the plan does not show, too."""

    key: str
    title: str
    issues: list[Issue]
    total: int


@require_safe
@account_page
def chosen(request: HttpRequest, me: Membership) -> HttpResponse:
    """Where the form of two radio columns leads."""
    try:
        before, after = UUID(request.GET.get("from", "")), UUID(request.GET.get("to", ""))
    except ValueError:
        raise ApplicationError("validation_error", "Choose two analyses to compare.") from None
    return HttpResponseRedirect(f"/analysis/{after}/compare/{before}")


@require_safe
@account_page
def compare(request: HttpRequest, me: Membership, pk: UUID, earlier: UUID) -> HttpResponse:
    """From ``earlier`` to ``pk``."""
    after, before = analysis_of(me.account, pk), analysis_of(me.account, earlier)
    found = comparison_of(before, after, entitlements(me.account))
    now, then = version_graph(after.version), version_graph(before.version)
    shown = {
        "after": after,
        "before": before,
        "found": found,
        "groups": _groups(found, now, then),
        "changes": [
            {**change, "title": _title(change["ruleId"])} for change in found["scoreChanges"]
        ],
        "pictures": _pictures(found, now, then, after.version_id == before.version_id),
        "steps": _steps(then, now) if now and then else None,
    }
    return show(request, "compare", shown, area="workflows")


def _groups(found: Mapping[str, Any], now: Graph | None, then: Graph | None) -> list[Group]:
    titles = (("new", "New", now), ("fixed", "Fixed", then), ("unchanged", "Unchanged", now))
    return [
        Group(key, title, issues_of(found[key], graph), found["counts"][key])
        for key, title, graph in titles
    ]


def _title(rule_id: str) -> str:
    rule = all_rules().get(rule_id)
    return rule.page.title if rule else rule_id


def _pictures(
    found: Mapping[str, Any], now: Graph | None, then: Graph | None, same: bool
) -> list[tuple[str, str]]:
    """``(caption, SVG)``: before with what was fixed, after with what is new; one if all is one."""
    pictures = []
    if then is not None and not same:
        pictures.append(("Before, with what was fixed", picture_of_issues(then, found["fixed"])))
    if now is not None:
        pictures.append(("After, with what is new", picture_of_issues(now, found["new"])))
    return pictures


def _steps(then: Graph, now: Graph) -> dict[str, list[str]]:
    """The names of steps that were added, removed and changed."""
    old = {step.id: step for step in then.steps}
    new = {step.id: step for step in now.steps}
    changed = [
        each for each in new if each in old and (new[each].raw, new[each].enabled)
        != (old[each].raw, old[each].enabled)
    ]  # fmt: skip
    return {
        "added": _names([each for each in new if each not in old], now),
        "removed": _names([each for each in old if each not in new], then),
        "changed": _names(changed, now),
    }


def _names(ids: list[str], graph: Graph) -> list[str]:
    names = graph.shared(labels)
    shown = [clean(names[each], 80) for each in ids[:MOST_STEPS]]
    return shown + ([f"… {len(ids) - MOST_STEPS} more"] if len(ids) > MOST_STEPS else [])
