"""What accounts ask of plans. Billing lies above this app and brings the answers when it starts."""

from __future__ import annotations

from typing import Literal, Protocol

from apps.accounts.models import Account


class Plans(Protocol):
    def name(self, account: Account) -> str: ...

    def require(self, account: Account, feature: str) -> None: ...

    def require_room(
        self, account: Account, what: Literal["members"], *, used: int, adding: int = 1
    ) -> None: ...


_registered: list[Plans] = []


def register(plans: Plans) -> None:
    _registered[:] = [plans]


def plans() -> Plans:
    return _registered[0]
