"""Analyses: made, kept in the history, forgotten."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from apps.accounts.models import Account, User
from apps.ops.errors import ApplicationError
from apps.workflows.analysis.config import Config, ConfigError, parse_rules
from apps.workflows.analysis.engine import Analysis as Result
from apps.workflows.inspection import inspect_document
from apps.workflows.intake import LONGEST_NAME, Incoming, content_hash, incoming, json_text
from apps.workflows.models import Analysis, Workflow
from apps.workflows.platforms.base import DefinitionError, Source
from apps.workflows.platforms.loading import check_depth, scrub
from apps.workflows.reports.wire import analysis_to_wire
from apps.workflows.services.checks import invalid, require_platform
from apps.workflows.services.workflows import Kept, workflows_keep


def definition_analyse(
    *, definition: Any, platform: str | None = None, name: str | None = None, rules: Any = None
) -> Result:
    """Analyse the one workflow in a definition, storing nothing.

    Raises ``ApplicationError``: ``validation_error`` for a wrong platform or rule setting,
    ``malformed_json`` for nesting beyond reason, ``unsupported_definition`` for the rest.
    """
    return _inspect(definition, platform, name, rules)[0]


def _inspect(
    definition: Any, platform: str | None, name: str | None, rules: Any
) -> tuple[Result, Source]:
    config = _config(rules)
    chosen = require_platform(platform)
    try:
        check_depth(definition)
        found = inspect_document(scrub(definition), platform=chosen, config=config)
        error = found[0].error if found else None
        if error is not None:
            raise error
    except DefinitionError as wrong:
        details = [{"field": "definition", "code": wrong.code, "message": wrong.message}]
        raise ApplicationError(wrong.code, wrong.message, details=details) from wrong
    if len(found) != 1 or found[0].analysis is None:
        message = f"The definition holds {len(found)} workflows; send them one at a time."
        raise ApplicationError("unsupported_definition", message)
    result = found[0].analysis
    result.graph.name = scrub(name) if name else result.graph.name[:LONGEST_NAME]
    return result, found[0].source


def _config(rules: Any) -> Config:
    try:
        return parse_rules({} if rules is None else rules)
    except ConfigError as wrong:
        raise invalid(f"settings.{wrong.field}", "invalid", wrong.message) from wrong


def analysis_create(
    *,
    account: Account | None,
    definition: Any,
    text: str = "",
    user: User | None = None,
    platform: str | None = None,
    name: str | None = None,
    rules: Any = None,
    origin: Analysis.Origin = Analysis.Origin.API,
) -> Analysis:
    """Analyse a definition and keep the result in the account's history.

    ``text`` is the definition's JSON as it was sent. Without an account (the test endpoints) no
    workflow is kept. Raises as ``definition_analyse``.
    """
    # Before the transaction, which on SQLite holds off every other writer.
    result, source = _inspect(definition, platform, name, rules)
    wire = analysis_to_wire(result)
    findings = {"issues": wire.pop("issues"), "suppressed": wire.pop("suppressed")}
    with transaction.atomic():
        kept = None
        if account is not None:
            came = incoming(result.graph, source, text or json_text(definition))
            kept = _keep(account, came, Workflow.Source(origin.value), user)
            wire["workflow"]["id"] = str(kept.workflow.id) if kept else None
        return Analysis.objects.create(
            account=account,
            workflow=kept.workflow if kept else None,
            version=kept.version if kept else None,
            created_by=user,
            origin=origin,
            health_score=wire["healthScore"],
            grade=wire["grade"] or "",
            content_hash=content_hash(definition),
            result=wire,
            findings=findings,
        )


def _keep(
    account: Account, came: Incoming, source: Workflow.Source, user: User | None
) -> Kept | None:
    """The workflow's row and version; none where the plan has no room for another workflow.

    The analysis is answered all the same: a limit on what is kept is none on what may be asked.
    """
    try:
        [kept] = workflows_keep(account=account, incoming=[came], source=source, user=user)
    except ApplicationError as refused:
        if refused.code != "plan_limit":
            raise
        return None
    return kept


def analysis_delete(analysis: Analysis) -> None:
    analysis.delete()


def test_history_clear() -> int:
    """Forget what the test endpoints analysed; returns how many analyses that were."""
    deleted, _ = Analysis.objects.filter(origin=Analysis.Origin.TEST).delete()
    return deleted
