"""Every setting: its variable's name, type, default and what it is for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from config import mail, values

T = TypeVar("T")


@dataclass(frozen=True)
class Problem:
    """One thing to mend before starting, and how."""

    name: str
    what: str
    fix: str
    serving_only: bool = False

    def __str__(self) -> str:
        return f"{self.name}: {self.what}. Fix: {self.fix}."


def variable(parse: Callable[[str], T], default: T, about: str, *, secret: bool = False) -> T:
    """A field read from the variable of the same name in capitals."""
    metadata = {"parse": parse, "about": about, "secret": secret}
    found: T = field(default_factory=lambda: default, metadata=metadata)
    return found


@dataclass(frozen=True)
class Environment:
    """What the deployment says; one field per variable."""

    secret_key: str = variable(values.text, "", "Signs sessions; 32+ characters.", secret=True)
    debug: bool = variable(values.flag, False, "Debug, together with ALLOW_DEBUG.")
    allow_debug: bool = variable(values.flag, False, "The second key for DEBUG.")
    allowed_hosts: tuple[str, ...] = variable(
        values.items, ("localhost", "127.0.0.1", "[::1]"), "Host names this service answers to."
    )
    frontend_url: str = variable(values.web_url, "", "The one CORS origin; where sign-in returns.")
    port: int = variable(values.number(1, 65535), 8000, "The port to listen on.")
    web_concurrency: int = variable(values.number(1, 64), 2, "Web processes.")
    database_url: dict[str, Any] = variable(
        values.database, {}, "postgres://…; else an SQLite file in the project.", secret=True
    )
    redis_url: str = variable(
        values.url("redis", "rediss", "unix"), "", "The cache; else memory.", secret=True
    )
    celery_broker_url: str = variable(
        values.url("redis", "rediss", "amqp", "amqps"),
        "",
        "The broker; else jobs run in the process.",
        secret=True,
    )
    job_lease_seconds: int = variable(
        values.number(2, 45),
        30,
        "How long a worker may be silent, in seconds, before others take up its jobs.",
    )
    log_level: str = variable(
        values.choice("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
        "INFO",
        "DEBUG, INFO, WARNING, ERROR or CRITICAL: the least level logged.",
    )
    log_format: str = variable(
        values.choice("json", "console"), "", "json or console; json outside debug, else console."
    )
    monitoring_token: str = variable(
        values.text, "", "Bearer token for the monitoring pages.", secret=True
    )
    health_memory: tuple[float, float] = variable(
        values.thresholds, (85.0, 95.0), "Per cent of memory in use: degraded, unhealthy."
    )
    health_disk: tuple[float, float] = variable(
        values.thresholds, (85.0, 95.0), "Per cent of the disk in use: degraded, unhealthy."
    )
    health_load: tuple[float, float] = variable(
        values.thresholds, (4.0, 16.0), "Load per core: degraded, unhealthy."
    )
    health_database: tuple[float, float] = variable(
        values.thresholds, (500.0, 2000.0), "ms until the database answers: degraded, unhealthy."
    )
    enable_test_endpoints: bool = variable(values.flag, False, "/test outside debug.")
    request_timeout: int = variable(
        values.number(1, 300), 25, "Seconds after which a request is given up; below 30."
    )
    rate_limit_auth: values.Rate = variable(
        values.rate,
        values.Rate(5, "m"),
        "Sign-in attempts per user or address; a number per s, m, h or d.",
    )
    rate_limit_write: values.Rate = variable(values.rate, values.Rate(30, "m"), "Unsafe requests.")
    rate_limit_read: values.Rate = variable(values.rate, values.Rate(100, "m"), "Safe requests.")
    rate_limit_strategy: str = variable(
        values.choice("fixed", "sliding"),
        "fixed",
        "fixed windows (simple), or a sliding one (no burst where two windows meet).",
    )
    trusted_proxy_count: int = variable(
        values.number(0, 10), 0, "Proxies that append to X-Forwarded-For."
    )
    token_encryption_keys: Mapping[str, bytes] = variable(
        values.encryption_keys, {}, "id:base64-32-bytes,…; the first writes.", secret=True
    )
    highlevel_client_id: str = variable(values.text, "", "The marketplace app.")
    highlevel_client_secret: str = variable(values.text, "", "The app's secret.", secret=True)
    highlevel_redirect_uri: str = variable(
        values.web_url, "", "Where HighLevel sends people back; else /auth/callback here."
    )
    highlevel_scopes: tuple[str, ...] = variable(
        values.items, ("workflows.readonly", "locations.readonly"), "What the app asks for."
    )
    highlevel_authorize_url: str = variable(
        values.web_url,
        "https://marketplace.gohighlevel.com/v2/oauth/chooselocation",
        "The page where people agree.",
    )
    highlevel_api_base_url: str = variable(
        values.web_url, "https://services.leadconnectorhq.com", "HighLevel's API."
    )
    highlevel_webhook_public_keys: tuple[bytes, ...] = variable(
        values.public_keys,
        values.public_keys("MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg="),
        "Ed25519 keys, base64 DER or raw; HighLevel's published key.",
    )
    stripe_secret_key: str = variable(
        values.text, "", "Stripe's key; empty: no billing.", secret=True
    )
    stripe_webhook_secrets: tuple[str, ...] = variable(
        values.items, (), "Signing secrets; several while rotating.", secret=True
    )
    stripe_price_pro_monthly: str = variable(values.text, "", "The id of the monthly price.")
    stripe_price_pro_yearly: str = variable(values.text, "", "The id of the yearly price.")
    stripe_api_base: str = variable(values.web_url, "", "Another address, for tests and proxies.")
    allow_private_addresses: bool = variable(
        values.flag, False, "May outgoing calls go to private addresses?"
    )
    email_url: dict[str, Any] = variable(
        mail.email,
        {},
        "smtp+tls://user:password@host:587, or a mail service: postmark://token@, resend://key@, "
        "brevo://key@, mailgun://key@your.domain, mailjet://key:secret@, "
        "sparkpost://key@, mailersend://token@. With ?webhook_secret=user:password its reports of "
        "bounces are taken at /email/events. Empty: mail is written to the console.",
        secret=True,
    )
    default_from_email: str = variable(
        values.text, "Workflow Debugger <noreply@localhost>", "The sender of our mail."
    )
    notification_urls: tuple[str, ...] = variable(
        values.items, (), "Alert channels for operators.", secret=True
    )
    staff_two_factor: bool = variable(
        values.flag, True, "Staff sign in with a second factor; never asked for in debug."
    )
    alert_emails: tuple[str, ...] = variable(values.addresses, (), "Operators who hear of alerts.")
    alert_error_rate: int = variable(
        values.number(1, 100), 5, "Alert from so many per cent of requests answered 5xx."
    )
    alert_p95_ms: int = variable(
        values.number(1, 600_000), 1000, "Alert when the 95th percentile takes longer, in ms."
    )
    alert_queue_age: int = variable(
        values.number(1, 604_800), 300, "Alert when a job waits longer, in seconds."
    )
    alert_webhook_backlog: int = variable(
        values.number(1, 1_000_000), 100, "Alert when more deliveries wait."
    )
    alert_token_failures: int = variable(
        values.number(1, 1_000_000), 3, "Alert when so many connections break within an hour."
    )
    backup_status: str = variable(
        values.text,
        "",
        "How a backup is known to have run: a file touched by it, an address that answers "
        "the time of the last one, or `managed` where the platform keeps them.",
    )
    backup_max_age_hours: int = variable(
        values.number(1, 8760), 26, "How old the newest backup may be."
    )
    sentry_dsn: str = variable(values.web_url, "", "Sentry; off when empty.", secret=True)
    otel_exporter_otlp_endpoint: str = variable(
        values.web_url, "", "OpenTelemetry; off when empty."
    )
    demo_password: str = variable(
        values.text, "", "Password of the demo users; else made up.", secret=True
    )
    no_color: str = variable(
        values.text, "", "Any value: the command line's reports have no colour."
    )
    problems: tuple[Problem, ...] = ()

    @property
    def debugging(self) -> bool:
        return self.debug and self.allow_debug
