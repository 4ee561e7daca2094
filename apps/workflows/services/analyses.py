"""Analyses: made, kept in the history, forgotten."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Account, User
from apps.ops.cache import drop
from apps.ops.errors import ApplicationError
from apps.workflows.analysis.config import Config, ConfigError, parse_rules
from apps.workflows.analysis.engine import Analysis as Result
from apps.workflows.analysis.suppressions import suppress
from apps.workflows.inspection import inspect_bundle
from apps.workflows.intake import LONGEST_NAME, Incoming, content_hash, incoming, json_text
from apps.workflows.models import Analysis, Workflow
from apps.workflows.platforms import open_document
from apps.workflows.platforms.base import DefinitionError, Source
from apps.workflows.platforms.loading import check_depth, scrub
from apps.workflows.reports.wire import analysis_to_wire
from apps.workflows.selectors import (
    add_lists,
    history_tag,
    merged,
    require_version,
    rules_of,
    silences_of,
    workflow_known,
    workflows_tag,
)
from apps.workflows.services.checks import invalid, require_platform
from apps.workflows.services.workflows import Kept, workflows_keep


def definition_analyse(
    *,
    definition: Any,
    platform: str | None = None,
    name: str | None = None,
    rules: Any = None,
    account: Account | None = None,
) -> Result:
    """Analyse the one workflow in a definition, storing nothing.

    An account's own rule settings (under those of the call) and reference lists are used; its
    suppressions are not. Raises ``ApplicationError``: ``validation_error`` for a wrong platform or
    rule setting, ``malformed_json`` for nesting beyond reason, ``unsupported_definition`` else.
    """
    return _inspect(definition, platform, name, rules, account)[0]


def _inspect(
    definition: Any,
    platform: str | None,
    name: str | None,
    rules: Any,
    account: Account | None,
    *,
    is_kept: bool = False,
) -> tuple[Result, Source]:
    config = _config(rules, account)
    chosen = require_platform(platform)
    try:
        check_depth(definition)
        bundle = open_document(scrub(definition), chosen)
        if is_kept:  # what the export said of the account then, the account knows better now
            bundle.lists, bundle.whole_account = {}, False
        if account is not None:
            add_lists(bundle, account)
        found = list(inspect_bundle(bundle, config))
        error = found[0].error if found else None
        if error is not None:
            raise error
    except DefinitionError as wrong:
        details = [{"field": "definition", "code": wrong.code, "message": wrong.message}]
        raise ApplicationError(wrong.code, wrong.message, details=details) from wrong
    if len(found) != 1 or found[0].analysis is None:
        message = (
            f"The definition holds {len(found)} workflows; send one at a time, or import them and "
            "analyse each by its id."
        )
        raise ApplicationError("unsupported_definition", message)
    result = found[0].analysis
    result.graph.name = scrub(name) if name else result.graph.name[:LONGEST_NAME]
    return result, found[0].source


def _config(rules: Any, account: Account | None) -> Config:
    """Of the caller's settings everything must be right; the account's were when it made them."""
    sent = {} if rules is None else rules
    try:
        config = parse_rules(sent)
    except ConfigError as wrong:
        raise invalid(f"settings.{wrong.field}", "invalid", wrong.message) from wrong
    stored = {} if account is None else rules_of(account)
    return parse_rules(merged(stored, sent)) if stored else config


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
    """Analyse a definition; keep it among the account's workflows and the result in its history.

    ``text`` is the definition's JSON as it was sent. Without an account (the test endpoints) no
    workflow is kept. Raises as ``definition_analyse``.
    """
    # Before the transaction, which on SQLite holds off every other writer.
    result, source = _inspect(definition, platform, name, rules, account)
    came = incoming(result.graph, source, text or json_text(definition))
    digest = came.content_hash or content_hash(definition)
    if account is None:
        return _add(analysis_build(result, digest, None, None, user=user, origin=origin))
    _set_aside(result, account, workflow_known(account, came))
    with transaction.atomic():
        kept = _keep(account, came, Workflow.Source(origin.value), user)
        return _add(analysis_build(result, digest, account, kept, user=user, origin=origin))


def workflow_analyse(
    *,
    workflow: Workflow,
    user: User | None = None,
    rules: Any = None,
    origin: Analysis.Origin = Analysis.Origin.API,
) -> Analysis:
    """Analyse what the workflow is now. Raises ``conflict`` for one known only from a list."""
    version, account = require_version(workflow), workflow.account
    definition = json.loads(version.definition)
    result, _ = _inspect(definition, workflow.platform, workflow.name, rules, account, is_kept=True)
    _set_aside(result, account, workflow)
    kept = Kept(workflow, version, is_new_content=False)
    with transaction.atomic():
        digest = version.content_hash
        return _add(analysis_build(result, digest, account, kept, user=user, origin=origin))


def _set_aside(result: Result, account: Account, workflow: Workflow | None) -> None:
    silences = silences_of(account, workflow)
    if silences:
        suppress([result], silences, timezone.now().date())


def _add(analysis: Analysis) -> Analysis:
    """Into the history, where the account's lists are to show it."""
    if analysis.account_id is not None:
        drop(workflows_tag(analysis.account_id), history_tag(analysis.account_id))
    analysis.save(force_insert=True)
    return analysis


def analysis_build(
    result: Result,
    digest: str,
    account: Account | None,
    kept: Kept | None,
    *,
    user: User | None,
    origin: Analysis.Origin,
) -> Analysis:
    """The row for a result, not saved yet."""
    wire = analysis_to_wire(result)
    findings = {"issues": wire.pop("issues"), "suppressed": wire.pop("suppressed")}
    if account is not None:
        wire["workflow"]["id"] = str(kept.workflow.id) if kept else None
    return Analysis(
        account=account,
        workflow=kept.workflow if kept else None,
        version=kept.version if kept else None,
        created_by=user,
        origin=origin,
        health_score=wire["healthScore"],
        grade=wire["grade"] or "",
        content_hash=digest,
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
    with transaction.atomic():
        # Held first: a link that is made at this moment would lead to nothing.
        Analysis.objects.select_for_update().filter(pk=analysis.pk).values_list("pk").first()
        analysis.delete()
        if analysis.account_id is not None:
            drop(workflows_tag(analysis.account_id), history_tag(analysis.account_id))


def test_history_clear() -> int:
    """Forget what the test endpoints analysed; returns how many analyses that were."""
    deleted, _ = Analysis.objects.filter(origin=Analysis.Origin.TEST).delete()
    return deleted
