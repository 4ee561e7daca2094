"""The catalogue of rules: what each looks for, why, how to fix it, and examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.workflows.analysis.findings import CATEGORIES, SEVERITIES
from apps.workflows.analysis.graph import PLATFORMS
from apps.workflows.analysis.rule import Rule
from apps.workflows.analysis.rules import all_rules
from apps.workflows.inspection import inspect_document
from apps.workflows.platforms import detect
from apps.workflows.views.doors import show
from apps.workflows.views.pictures import picture_of


@dataclass(frozen=True, slots=True)
class Shown:
    """An example of a rule's page; ``message`` is what the rule says about it."""

    good: bool
    platform: str
    text: str
    message: str
    pictures: tuple[str, ...]


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    asked = {
        name: request.GET.get(name, "")[:100] for name in ("q", "platform", "severity", "category")
    }
    found = [rule for rule in all_rules().values() if _fits(rule, asked)]
    found.sort(key=lambda rule: (rule.category.value, rule.severity.rank, rule.id))
    shown = {
        "asked": asked,
        "found": found,
        "total": len(all_rules()),
        "platforms": PLATFORMS,
        "severities": [severity.value for severity in SEVERITIES],
        "categories": [category.value for category in CATEGORIES],
    }
    return show(request, "rules", shown, area="rules")


def _fits(rule: Rule, asked: Mapping[str, str]) -> bool:
    page = rule.page
    words = asked["q"].lower().split()
    text = f"{rule.id} {page.title} {page.why} {page.how_to_fix}".lower()
    return (
        all(word in text for word in words)
        and asked["platform"] in ("", *rule.platforms)
        and asked["severity"] in ("", rule.severity.value)
        and asked["category"] in ("", rule.category.value)
    )


@require_safe
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    found = all_rules().get(rule_id)
    if found is None:
        raise Http404
    bad, good = (
        [each for each in _examples(rule_id) if each.good is wanted] for wanted in (False, True)
    )
    alike = [
        other
        for other in all_rules().values()
        if other.category == found.category and other is not found
    ]
    alike.sort(key=lambda other: (-_kin(found, other), other.id))
    shown = {"rule": found, "bad": bad, "good": good, "alike": alike[:6]}
    return show(request, "rule", shown, area="rules")


def _kin(one: Rule, other: Rule) -> int:
    return len(set(one.id.split("-")) & set(other.id.split("-")) - {"without", "no", "never", "in"})


@cache
def _examples(rule_id: str) -> tuple[Shown, ...]:
    """The examples with their pictures: code does not change while the service runs."""
    return tuple(
        _shown(rule_id, example.good, example.text, example.definition)
        for example in all_rules()[rule_id].page.examples
    )


def _shown(rule_id: str, good: bool, text: str, definition: object) -> Shown:
    results = [item.analysis for item in inspect_document(definition) if item.analysis]
    messages, pictures = [], []
    for result in results:
        theirs = [finding for finding in result.findings if finding.rule_id == rule_id]
        messages += [finding.message for finding in theirs]
        if result.graph.steps:
            walk = theirs[0].path if theirs else ()
            marked = replace(result, findings=theirs)
            pictures.append(picture_of(marked, trail=walk, legend=False))
    first = "" if good or not messages else messages[0]
    return Shown(good, detect(definition) or "", text, first, tuple(filter(None, pictures)))
