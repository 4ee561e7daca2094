"""Signs webhooks as Stripe and HighLevel do, with keys of our own."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
import time
import uuid
from contextlib import AbstractContextManager
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client, TestCase

SECRET = "whsec_of_the_tests"
KEY = Ed25519PrivateKey.generate()
PUBLIC_KEY = KEY.public_key().public_bytes_raw()
APP_ID = "65f0c1d2e3f4a5b6c7d8e9f0"


def configure(settings: Any, **changes: Any) -> None:
    """Settings under which what is signed here holds, with changes."""
    ours = {
        "stripe_webhook_secrets": (SECRET,),
        "highlevel_webhook_public_keys": (PUBLIC_KEY,),
        "highlevel_client_id": f"{APP_ID}-m1abcdef",
    }
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, **{**ours, **changes})


def event(kind: str, found: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """An event of Stripe's about an object."""
    return {
        "id": f"evt_{uuid.uuid4().hex}",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": int(time.time()),
        "livemode": False,
        "type": kind,
        "data": {"object": found or {}},
        **changes,
    }


def stripe_header(body: bytes, secret: str = SECRET, at: float | None = None) -> str:
    stamp = int(time.time() if at is None else at)
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    return f"t={stamp},v1={signature.hexdigest()}"


def post_stripe(sent: dict[str, Any] | bytes, header: str | None = None) -> Any:
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    return Client(enforce_csrf_checks=True).post(
        "/webhooks/stripe",
        body,
        content_type="application/json",
        headers={"Stripe-Signature": stripe_header(body) if header is None else header},
    )


def committed() -> AbstractContextManager[Any]:
    """Does at its end what waits for the commit: without a broker, the jobs."""
    return TestCase.captureOnCommitCallbacks(execute=True)


def tell_stripe(*events: dict[str, Any]) -> None:
    """Posts events that are let in, one after the other, each processed before the next."""
    for each in events:
        with committed():
            assert post_stripe(each).status_code == 200


def install(kind: str = "INSTALL", **changes: Any) -> dict[str, Any]:
    """A message of HighLevel's about our app."""
    return {
        "type": kind,
        "appId": APP_ID,
        "versionId": APP_ID,
        "installType": "Location",
        "locationId": "ve9EPM428h8vShlRW1KT",
        "companyId": "GNb7aIv4rQFVb9iwNl5K",
        "userId": "nIHiJMMjR0pIXeLXPEcF",
        "timestamp": "2026-11-25T06:40:00.000Z",
        "webhookId": str(uuid.uuid4()),
        **changes,
    }


def highlevel_header(body: bytes, key: Ed25519PrivateKey = KEY) -> str:
    return base64.b64encode(key.sign(body)).decode()


def post_highlevel(sent: dict[str, Any] | bytes, header: str | None = None) -> Any:
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    return Client(enforce_csrf_checks=True).post(
        "/webhooks/ghl",
        body,
        content_type="application/json",
        headers={"X-GHL-Signature": highlevel_header(body) if header is None else header},
    )
