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


class Command(BaseCommand):
    help = (
        "Create the demo account, its users and its analysed samples; run twice, it adds nothing."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not User.objects.filter(email=OWNER).exists():
            self._create_users()
        account = Account.objects.get(memberships__user__email=OWNER)
        if not Analysis.objects.filter(account=account).exists():
            for name in NAMES:
                analysis_create(
                    account=account, definition=sample(name), origin=Analysis.Origin.DEMO
                )

    def _create_users(self) -> None:
        password = settings.DEMO_PASSWORD or secrets.token_urlsafe(9)
        account = Account.objects.create(name=ACCOUNT)
        for email, role in ((OWNER, Membership.Role.OWNER), (VIEWER, Membership.Role.VIEWER)):
            user = User.objects.create_user(email, password)
            Membership.objects.create(user=user, account=account, role=role)
        User.objects.create_superuser(STAFF, password)
        Subscription.objects.create(
            account=account, plan=Subscription.Plan.PRO, state=Subscription.State.ACTIVE
        )
        said = "the one in DEMO_PASSWORD" if settings.DEMO_PASSWORD else password
        self.stdout.write(f"Demo users {OWNER}, {VIEWER} and {STAFF}; password: {said}")
