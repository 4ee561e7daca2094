"""Stripe on this machine, and settings that lead to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.players.server import serving
from tests.players.stripe import StripePlayer
from tests.webhooks.signing import configure


@pytest.fixture
def stripe(settings) -> Iterator[StripePlayer]:
    player = StripePlayer()
    with serving(player) as url:
        configure(
            settings,
            stripe_secret_key="sk_test_of_the_tests",
            stripe_api_base=url,
            stripe_price_pro_monthly="price_monthly",
            stripe_price_pro_yearly="price_yearly",
        )
        yield player
