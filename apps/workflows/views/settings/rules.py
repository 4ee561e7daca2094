"""How the account weighs the rules: severities and thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from apps.accounts.models import Membership
from apps.ops.errors import ApplicationError
from apps.workflows.analysis.findings import SEVERITIES
from apps.workflows.analysis.rule import Rule
from apps.workflows.analysis.rules import all_rules
from apps.workflows.selectors import rules_of
from apps.workflows.services import rule_settings_replace
from apps.workflows.views.doors import account_page, refused, sent, show

LEVELS = ["off", *(severity.value for severity in SEVERITIES)]


@dataclass(frozen=True, slots=True)
class Row:
    """One rule in the form. ``level`` is empty where the rule's own severity holds."""

    rule: Rule
    level: str
    #: ``(name, the rule's own value, the account's or nothing)``.
    options: list[tuple[str, float, str]]

    @property
    def changed(self) -> bool:
        return bool(self.level or any(value for _, _, value in self.options))


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def rules(request: HttpRequest, me: Membership) -> HttpResponse:
    if request.method != "POST":
        return _form(request, rules_of(me.account))
    wanted = dict(_wanted(request))
    try:
        rule_settings_replace(account=me.account, rules=wanted)
    except ApplicationError as wrong:
        return _form(request, wanted, refused(request, wrong), wrong.status)
    messages.success(request, "Saved. It holds from the next analysis on.")
    return HttpResponseRedirect("/settings/rules")


def _wanted(request: HttpRequest) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the form says, only where it differs from the rules' own."""
    for rule in all_rules().values():
        said: dict[str, Any] = {}
        level = sent(request, rule.id, 20)
        if level:
            said["severity"] = level
        for name, own in rule.options.items():
            value = _number(sent(request, f"{rule.id}.{name}", 40))
            if value is not None and value != own:
                said[name] = value
        if said:
            yield rule.id, said


def _number(text: str) -> float | str | None:
    """A number; what is none is left for the service to refuse."""
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() else value


def _form(
    request: HttpRequest, chosen: dict[str, Any], error: str = "", status: int = 200
) -> HttpResponse:
    ordered = sorted(all_rules().values(), key=lambda rule: (rule.category.value, rule.id))
    groups = []
    for category, group in groupby(ordered, key=lambda rule: rule.category):
        rows = [_row(rule, chosen.get(rule.id)) for rule in group]
        groups.append((category.value, rows, sum(row.changed for row in rows)))
    shown = {"groups": groups, "levels": LEVELS, "error": error, "tab": "rules"}
    return show(request, "settings/rules", shown, area="settings", status=status)


def _row(rule: Rule, said: Any) -> Row:
    said = said if isinstance(said, dict) else {"severity": said} if said else {}
    options = [(name, own, str(said.get(name, ""))) for name, own in rule.options.items()]
    return Row(rule, str(said.get("severity") or ""), options)
