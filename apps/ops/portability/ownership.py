"""Which rows belong to an account, as the look-up that finds them in each table."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Field, ForeignKey, Model, QuerySet

#: Columns that stay here whatever table they stand in.
_SECRET = re.compile(r"password|digest|sealed|secret|token_hash|claim")
#: Paths that no foreign key of the table itself shows, by label.
_THROUGH: dict[str, str] = {}
_HIDDEN: dict[str, set[str]] = {}


@dataclass(frozen=True)
class Owned:
    """A table with rows of accounts; `lookup` leads from one of them to its account's id."""

    model: type[Model]
    lookup: str

    def rows(self, account_id: uuid.UUID) -> QuerySet[Any]:
        found = self.model._default_manager.filter(**{self.lookup: account_id})
        if self.model._meta.label in _THROUGH:
            # A path over many rows finds one more than once.
            found = found.distinct()
        return found.order_by("pk")

    @property
    def fields(self) -> list[Field[Any, Any]]:
        hidden = _HIDDEN.get(self.model._meta.label, set())
        return [
            field
            for field in self.model._meta.concrete_fields
            if not _SECRET.search(field.name) and field.name not in hidden
        ]

    @property
    def goes_along(self) -> bool:
        """Whether the rows go with the account by themselves: a foreign key leads to it."""
        names = {field.name for field in self.model._meta.concrete_fields}
        return self.lookup.split("__")[-1].removesuffix("_id") in names or "__" in self.lookup


def own_through(label: str, lookup: str) -> None:
    _THROUGH[label] = lookup


def hide(label: str, *fields: str) -> None:
    """Columns that are exported nowhere, besides those whose names say so."""
    _HIDDEN.setdefault(label, set()).update(fields)


def owned(account: type[Model]) -> list[Owned]:
    """The account itself first, then every table with rows of one, by label."""
    found = [Owned(account, "pk")]
    for model in sorted(apps.get_models(), key=lambda each: each._meta.label):
        lookup = _THROUGH.get(model._meta.label) or _lookup(model, account)
        if lookup and model is not account:
            found.append(Owned(model, lookup))
    return found


def _lookup(model: type[Model], account: type[Model]) -> str | None:
    """The shortest path of foreign keys to the account; breadth first, as tables may circle."""
    paths: list[tuple[type[Model], str]] = [(model, "")]
    seen = {model}
    while paths:
        here, path = paths.pop(0)
        for name, target in _foreign_keys(here):
            if target is account:
                return f"{path}{name}_id"
            if target not in seen:
                seen.add(target)
                paths.append((target, f"{path}{name}__"))
        if any(field.name == "account_id" for field in here._meta.concrete_fields):
            return f"{path}account_id"
    return None


def _foreign_keys(model: type[Model]) -> Iterator[tuple[str, type[Model]]]:
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey) and field.remote_field.on_delete is models.CASCADE:
            yield field.name, field.related_model
