"""Who may sign in, what belongs to whom, and how an account reaches its platforms."""

import logging
import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from apps.ops.encryption import SealedTextError, context_for, decrypt, encrypt
from apps.ops.errors import ApplicationError

logger = logging.getLogger(__name__)


class UserManager(BaseUserManager["User"]):
    """Creates people by their e-mail address, and finds them however they capitalise it."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person; their data belongs to accounts, not to them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    #: Their id at HighLevel. Never matched by e-mail address, which an agency may type in freely.
    highlevel_id = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_without_case"),
            models.UniqueConstraint(
                fields=["highlevel_id"],
                condition=~models.Q(highlevel_id=""),
                name="user_per_highlevel_id",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class Account(models.Model):
    """A HighLevel location or a stand-alone workspace; every row of customer data has one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    location_id = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    users = models.ManyToManyField(User, through="Membership", related_name="accounts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["location_id"],
                condition=~models.Q(location_id=""),
                name="account_per_location",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a user may do in an account."""

    class Role(models.TextChoices):
        OWNER = "owner"
        MEMBER = "member"
        VIEWER = "viewer"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "account"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.account} ({self.role})"

    @property
    def may_write(self) -> bool:
        return self.role != self.Role.VIEWER


class ApiToken(models.Model):
    """A personal API token; only a hash of it is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return f"{self.name} of {self.membership.user}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


class Connection(models.Model):
    """How an account reaches a platform: HighLevel by OAuth, an n8n instance by its API key.

    The tokens are sealed; only ``token`` and ``refresh_token`` open them.
    """

    class Provider(models.TextChoices):
        HIGHLEVEL = "highlevel"
        N8N = "n8n"

    class State(models.TextChoices):
        CONNECTED = "connected"
        NEEDS_ATTENTION = "needs_attention"
        REVOKED = "revoked"

    class UserType(models.TextChoices):
        LOCATION = "Location"
        COMPANY = "Company"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="connections")
    provider = models.CharField(max_length=20, choices=Provider.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.CONNECTED)
    #: HighLevel: whether the tokens are a location's or an agency's.
    user_type = models.CharField(max_length=10, choices=UserType.choices, blank=True)
    company_id = models.CharField(max_length=100, blank=True)
    location_id = models.CharField(max_length=100, blank=True)
    #: n8n: the instance's address.
    base_url = models.CharField(max_length=500, blank=True)
    scopes = models.JSONField(default=list, blank=True)
    sealed_token = models.TextField(blank=True, editable=False)
    #: Empty for a location of an agency: its token is minted anew from the agency's.
    sealed_refresh_token = models.TextField(blank=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    #: When HighLevel last gave tokens, by a sign-in or a refresh; and when by a refresh.
    granted_at = models.DateTimeField(null=True, blank=True, editable=False)
    refreshed_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: When its workflows were last read to the end.
    synced_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.CharField(max_length=500, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: When the app was taken out at HighLevel; what we have is erased a while after.
    uninstalled_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: What was bought at HighLevel's marketplace, in its words.
    marketplace_plan_id = models.CharField(
        max_length=100, blank=True, default="", db_default="", editable=False
    )
    #: By subject, when the newest message was true: an older one changes nothing.
    told_at = models.JSONField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "provider", "base_url"], name="connection_once_per_account"
            ),
            models.UniqueConstraint(
                fields=["company_id"],
                condition=models.Q(user_type="Company"),
                name="connection_per_agency",
            ),
        ]
        indexes = [models.Index(fields=["provider", "state", "expires_at"], name="connection_due")]

    def __str__(self) -> str:
        where = self.base_url or self.location_id or self.company_id
        return f"{self.get_provider_display()} {where} ({self.state})"

    @property
    def token(self) -> str:
        """Plain text: never to be logged. Raises ``upstream_auth`` when it does not open."""
        return self._open("sealed_token")

    @property
    def refresh_token(self) -> str:
        return self._open("sealed_refresh_token")

    @property
    def is_readable(self) -> bool:
        """Whether the token opens; it does not when its key was lost."""
        try:
            _ = self.token
        except ApplicationError:
            return False
        return True

    def seal(self, *, token: str, refresh_token: str = "") -> None:
        """Keep new tokens; the caller saves the row."""
        for field, text in (("sealed_token", token), ("sealed_refresh_token", refresh_token)):
            setattr(self, field, encrypt(text, context=context_for(self, field)) if text else "")

    def _open(self, field: str) -> str:
        sealed: str = getattr(self, field)
        try:
            return decrypt(sealed, context=context_for(self, field)) if sealed else ""
        except SealedTextError as wrong:
            logger.error("connection %s: %s", self.pk, wrong)
            message = "The stored access can no longer be read; connect again."
            raise ApplicationError("upstream_auth", message, permanent=True) from wrong


class SignInState(models.Model):
    """A ``state`` that was sent along to HighLevel and has not come back yet.

    A row rather than a value of the session: deleting it is what uses it up, and only one of two
    requests at once can.
    """

    digest = models.CharField(max_length=64, primary_key=True, editable=False)
    #: A digest of what only the browser's own session holds.
    binding = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    def __str__(self) -> str:
        return f"sent {self.created_at:%Y-%m-%d %H:%M}"
