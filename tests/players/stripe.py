"""Plays Stripe's API for its own client: customers, checkout, portal, subscriptions, charges.

It keeps what Stripe keeps: objects, idempotency (the same key is answered again, and refused with
other words), and the version it was asked in. Pages are not shown: `pay` and its kind do what a
person would do there, and return the events that follow, in their order.
"""

from __future__ import annotations

import itertools
import time
from typing import Any

from tests.players.server import Player, Reply, Request

Object = dict[str, Any]
MONTH = 30 * 86400


class StripePlayer(Player):
    """`now` is its clock; `keys` what was asked under which idempotency key."""

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, Object] = {}
        self.keys: dict[str, tuple[str, bytes, Reply]] = {}
        self.now = int(time.time())
        self._numbers = itertools.count(1)

    def answer(self, request: Request) -> Reply:
        if not request.headers.get("Authorization", "").startswith("Bearer sk_test_"):
            return _refusal(401, "invalid_request_error", "Invalid API Key provided.")
        key = request.headers.get("Idempotency-Key")
        with self.lock:
            if not key or request.method == "GET":
                return self._perform(request)
            if key not in self.keys:
                reply = self._perform(request)
                self.keys[key] = (request.path, request.body, reply)
                return reply
            path, body, reply = self.keys[key]
            if (path, body) != (request.path, request.body):
                said = "Keys for idempotent requests can only be used with the same parameters."
                return _refusal(400, "idempotency_error", said)
            return Reply(reply.status, reply.body, {"Idempotent-Replayed": "true"})

    def _perform(self, request: Request) -> Reply:
        match request.method, *request.path.removeprefix("/v1/").split("/"):
            case "POST", "customers":
                return Reply(200, self.make("customer", "cus", metadata=_metadata(request.form)))
            case "POST", "checkout", "sessions":
                return Reply(200, self._checkout(request.form))
            case "POST", "billing_portal", "sessions":
                return self._portal(request.form)
            case "GET", "subscriptions":
                return self._list(request.query)
            case "GET", _, stripe_id:
                found = self.objects.get(stripe_id)
                return Reply(200, found) if found else _missing(stripe_id)
            case "POST", "customers" | "subscriptions", stripe_id:
                return self._update(stripe_id, request.form)
            case "DELETE", "subscriptions", stripe_id:
                return self._end(stripe_id)
        return _refusal(404, "invalid_request_error", f"Unrecognized request URL {request.path}")

    def make(self, kind: str, prefix: str, **fields: Any) -> Object:
        made = {
            "id": f"{prefix}_{next(self._numbers):06d}",
            "object": kind,
            "created": self.now,
            "livemode": False,
            **fields,
        }
        self.objects[made["id"]] = made
        return made

    def _checkout(self, form: dict[str, str]) -> Object:
        session = self.make(
            "checkout.session",
            "cs_test",
            mode=form["mode"],
            customer=form["customer"],
            client_reference_id=form["client_reference_id"],
            metadata=_metadata(form),
            payment_status="unpaid",
            status="open",
            subscription=None,
        )
        session["url"] = f"https://checkout.stripe.test/c/pay/{session['id']}"
        # Not part of the object; `pay` needs it.
        session["_price"] = form["line_items[0][price]"]
        return session

    def _portal(self, form: dict[str, str]) -> Reply:
        if form["customer"] not in self.objects:
            return _missing(form["customer"])
        session = self.make("billing_portal.session", "bps", **form)
        session["url"] = f"https://billing.stripe.test/p/session/{session['id']}"
        return Reply(200, session)

    def _list(self, query: Any) -> Reply:
        if query["customer"] not in self.objects:
            return _missing(query["customer"])
        found = [
            each
            for each in self.objects.values()
            if each["object"] == "subscription" and each["customer"] == query["customer"]
        ]
        body = {"object": "list", "url": "/v1/subscriptions", "has_more": False, "data": found}
        return Reply(200, body)

    def _update(self, stripe_id: str, form: dict[str, str]) -> Reply:
        found = self.objects.get(stripe_id)
        if found is None or found.get("status") == "canceled":
            return _missing(stripe_id)
        if "cancel_at_period_end" in form:
            found["cancel_at_period_end"] = form["cancel_at_period_end"] == "true"
            ends = found["items"]["data"][0]["current_period_end"]
            found["cancel_at"] = ends if found["cancel_at_period_end"] else None
        found |= {name: form[name] for name in ("name", "email") if name in form}
        return Reply(200, found)

    def _end(self, stripe_id: str) -> Reply:
        found = self.objects.get(stripe_id)
        if found is None or found["status"] == "canceled":
            return _missing(stripe_id)
        found |= {"status": "canceled", "ended_at": self.now}
        return Reply(200, found)

    def subscription(self, customer_id: str, price: str = "price_monthly", **fields: Any) -> Object:
        """One that runs, as today's API shows it: the period stands on its item."""
        yearly = price.endswith("yearly")
        item = {
            "id": f"si_{next(self._numbers):06d}",
            "object": "subscription_item",
            "current_period_start": self.now,
            "current_period_end": self.now + MONTH * (12 if yearly else 1),
            "price": {
                "id": price,
                "object": "price",
                "recurring": {"interval": "year" if yearly else "month", "interval_count": 1},
            },
            "quantity": 1,
        }
        made = {
            "customer": customer_id,
            "status": "active",
            "items": {"object": "list", "data": [item], "has_more": False},
            "cancel_at_period_end": False,
            "cancel_at": None,
            "trial_end": None,
            "metadata": {},
        }
        return self.make("subscription", "sub", **{**made, **fields})

    def invoice(self, subscription: Object, **fields: Any) -> Object:
        made: Object = {
            "customer": subscription["customer"],
            "parent": {
                "type": "subscription_details",
                "subscription_details": {"subscription": subscription["id"], "metadata": {}},
            },
            "hosted_invoice_url": "https://invoice.stripe.test/i/1",
        }
        return self.make("invoice", "in", **{**made, **fields})

    def event(self, kind: str, found: Object) -> Object:
        """An event of this second about an object as it is now."""
        shown = {name: value for name, value in found.items() if not name.startswith("_")}
        return {
            "id": f"evt_{next(self._numbers):06d}",
            "object": "event",
            "api_version": "2026-10-28.endive",
            "created": self.now,
            "livemode": False,
            "type": kind,
            "data": {"object": shown},
        }

    def pay(self, url: str) -> list[Object]:
        """A person pays on the page of a checkout."""
        session = self.objects[url.rsplit("/", 1)[1]]
        bought = self.subscription(
            session["customer"], session["_price"], metadata=session["metadata"]
        )
        session |= {"subscription": bought["id"], "payment_status": "paid", "status": "complete"}
        return [
            self.event("customer.subscription.created", bought),
            self.event("checkout.session.completed", session),
            self.event("invoice.paid", self.invoice(bought)),
        ]


def _metadata(form: dict[str, str]) -> dict[str, str]:
    inside = {name: value for name, value in form.items() if name.startswith("metadata[")}
    return {name[9:-1]: value for name, value in inside.items()}


def _missing(stripe_id: str) -> Reply:
    said = f"No such object: '{stripe_id}'"
    return _refusal(404, "invalid_request_error", said, code="resource_missing")


def _refusal(status: int, kind: str, message: str, **more: str) -> Reply:
    return Reply(status, {"error": {"type": kind, "message": message, **more}})
