"""The addresses of the pages."""

from __future__ import annotations

from django.urls import path

from apps.workflows.views import (
    api_docs,
    atlas,
    compare,
    history,
    references,
    reports,
    rules,
    scans,
    sign_in,
    simulation,
    start,
    suppressions,
    workflows,
)
from apps.workflows.views.settings import account, connections, notifications, plan, tokens
from apps.workflows.views.settings import rules as rule_settings

urlpatterns = [
    path("", start.start, name="start"),
    path("analysis/<uuid:pk>", reports.report),
    path("analysis/<uuid:pk>/delete", reports.delete),
    path("analysis/<uuid:pk>/share", reports.share),
    path("analysis/<uuid:pk>/compare/<uuid:earlier>", compare.compare),
    path("api/docs", api_docs.docs),
    path("compare", compare.chosen),
    path("history", history.history),
    path("map", atlas.atlas),
    path("references", references.references),
    path("rules", rules.rules),
    path("rules/<str:rule_id>", rules.rule),
    path("scans", scans.scans),
    path("scans/<uuid:scan>", scans.scan),
    path("scans/<uuid:scan>/cancel", scans.cancel),
    path("settings", account.account),
    path("settings/members/<int:member>", account.member),
    path("settings/connections", connections.connect),
    path("settings/connections/<uuid:connection>", connections.forget),
    path("settings/switch", account.switch),
    path("settings/notifications", notifications.notifications),
    path("settings/notifications/<uuid:channel>", notifications.act),
    path("settings/rules", rule_settings.rules),
    path("settings/plan", plan.plan),
    path("settings/tokens", tokens.tokens),
    path("settings/tokens/<uuid:token>/revoke", tokens.revoke),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-out", sign_in.sign_out),
    path("simulate", simulation.simulate),
    path("suppressions", suppressions.suppressions),
    path("suppressions/<uuid:suppression>/delete", suppressions.delete),
    path("workflows", workflows.workflows),
    path("workflows/sync", connections.sync),
    path("workflows/<uuid:workflow>", workflows.workflow),
    path("workflows/<uuid:workflow>/analyse", workflows.analyse),
]
