"""One box for everything; each app says what of its own can be found.

@searcher("Accounts", permission="accounts.view_account")
def accounts(query: str) -> Iterable[Model]: ...
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from django.db.models import Model
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

MOST = 20
Find = Callable[[str], Iterable[Model]]


@dataclass(frozen=True)
class _Searcher:
    title: str
    permission: str
    find: Find


@dataclass(frozen=True)
class Hit:
    label: str
    url: str


@dataclass(frozen=True)
class Group:
    """What was found of one kind; `more` when there is more than is shown."""

    title: str
    hits: list[Hit]
    more: bool


SEARCHERS: dict[str, _Searcher] = {}


def searcher(title: str, *, permission: str) -> Callable[[Find], Find]:
    def declare(find: Find) -> Find:
        SEARCHERS[title] = _Searcher(title, permission, find)
        return find

    return declare


def search(request: HttpRequest, query: str) -> list[Group]:
    # PostgreSQL refuses the character, whoever looks for it.
    query = query.replace("\x00", "")[:200]
    groups = []
    for each in SEARCHERS.values():
        if request.user.has_perm(each.permission):
            found = list(islice(each.find(query), MOST + 1))
            if found:
                hits = [Hit(str(row)[:200], _page_of(row)) for row in found[:MOST]]
                groups.append(Group(each.title, hits, len(found) > MOST))
    return groups


def as_uuid(query: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(query)
    except ValueError:
        return None


def _page_of(row: Model) -> str:
    meta = row._meta
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""
