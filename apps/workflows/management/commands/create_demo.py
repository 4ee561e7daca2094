"""``manage.py create_demo``: the demo account with analysed sample workflows."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from apps.accounts.models import Account, Membership, User
from apps.billing.models import Subscription
from apps.workflows.models import Analysis
from apps.workflows.samples import NAMES, sample
from apps.workflows.services import analysis_create

ACCOUNT = "Demo Agency"
OWNER, VIEWER, STAFF = "owner@demo.test", "viewer@demo.test", "admin@demo.test"
MEMBERS = {OWNER: Membership.Role.OWNER, VIEWER: Membership.Role.VIEWER}


class Command(BaseCommand):
    help = "Create the demo account, its users and its analysed samples, or whatever of it is gone."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        self._create_users()
        account = _account()
        Subscription.objects.get_or_create(
            account=account,
            defaults={"plan": Subscription.Plan.PRO, "state": Subscription.State.ACTIVE},
        )
        if not Analysis.objects.filter(account=account).exists():
            for name in NAMES:
                analysis_create(
                    account=account, definition=sample(name), origin=Analysis.Origin.DEMO
                )

    def _create_users(self) -> None:
        """DEMO_PASSWORD holds for all three whenever it is set; else new ones get one made up."""
        chosen = settings.DEMO_PASSWORD
        password = chosen or secrets.token_urlsafe(9)
        known = {user.email: user for user in User.objects.filter(email__in=[*MEMBERS, STAFF])}
        for user in known.values():
            if chosen and not user.check_password(chosen):
                user.set_password(chosen)
                user.save(update_fields=["password"])
        missing = [email for email in (OWNER, VIEWER, STAFF) if email not in known]
        for email in missing:
            staff = {"is_staff": True, "is_superuser": True} if email == STAFF else {}
            User.objects.create_user(email, password, **staff)
        if missing:
            said = "the one in DEMO_PASSWORD" if chosen else password
            self.stdout.write(f"Demo users {', '.join(missing)}; password: {said}")


def _account() -> Account:
    theirs = Membership.objects.filter(user__email__in=MEMBERS).select_related("account")
    membership = theirs.order_by("created_at").first()
    account = membership.account if membership else Account.objects.create(name=ACCOUNT)
    for email, role in MEMBERS.items():
        Membership.objects.get_or_create(
            account=account, user=User.objects.get(email=email), defaults={"role": role}
        )
    return account
