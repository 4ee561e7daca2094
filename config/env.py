"""The only reader of os.environ: every variable with its type and default, all problems at once.

A wrong value stops every command: a mistyped DATABASE_URL must not quietly become a new SQLite
file. What only a server needs (a SECRET_KEY, say) stops the doors that serve, through
`require_serving`; `manage.py analyze` and the checks thus work in an empty environment, and
sign with a random key that lives as long as the process.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import environ

from config import values

BASE_DIR = Path(__file__).resolve().parent.parent
LEAST_SECRET_KEY = 32
_KEY_RECIPE = "python -c 'import secrets; print(secrets.token_urlsafe(50))'"

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
    enable_test_endpoints: bool = variable(values.flag, False, "/test outside debug.")
    rate_limit_auth: values.Rate = variable(
        values.rate,
        values.Rate(5, "m"),
        "Sign-in attempts per user or address; a number per s, m, h or d.",
    )
    rate_limit_write: values.Rate = variable(values.rate, values.Rate(30, "m"), "Unsafe requests.")
    rate_limit_read: values.Rate = variable(values.rate, values.Rate(100, "m"), "Safe requests.")
    trusted_proxy_count: int = variable(
        values.number(0, 10), 0, "Proxies that append to X-Forwarded-For."
    )
    token_encryption_keys: Mapping[str, bytes] = variable(
        values.encryption_keys, {}, "id:base64-32-bytes,…; the first writes.", secret=True
    )
    highlevel_client_id: str = variable(values.text, "", "The marketplace app.")
    highlevel_client_secret: str = variable(values.text, "", "The app's secret.", secret=True)
    highlevel_redirect_uri: str = variable(values.web_url, "", "Where HighLevel sends people back.")
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
        values.email, {}, "smtp+tls://user:password@host:587; else no mail.", secret=True
    )
    default_from_email: str = variable(
        values.text, "Workflow Debugger <noreply@localhost>", "The sender of our mail."
    )
    notification_urls: tuple[str, ...] = variable(
        values.items, (), "Alert channels for operators.", secret=True
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


def variables() -> dict[str, str]:
    """Every variable this project knows, and what it is for."""
    return {
        each.name.upper(): each.metadata["about"]
        for each in fields(Environment)
        if "parse" in each.metadata
    }


def read(source: Mapping[str, str]) -> Environment:
    """Never raises: what is wrong stands in `problems` and keeps its default."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for each in fields(Environment):
        if "parse" not in each.metadata:
            continue
        name = each.name.upper()
        raw, problem = _raw(source, name)
        if problem:
            problems.append(problem)
        elif raw:
            try:
                found[each.name] = each.metadata["parse"](raw)
            except ValueError as wrong:
                what = "the value is wrong" if each.metadata["secret"] else f"{raw!r} is wrong"
                problems.append(Problem(name, what, str(wrong)))
    problems += _missing(Environment(**found), {problem.name for problem in problems})
    return Environment(**found, problems=tuple(problems))


def load() -> Environment:
    """The process's own environment over the lines of `.env`; ENV_FILE names another file or none.

    A wrong value ends the program here.
    """
    environment = read({**_file(os.environ.get("ENV_FILE", ".env")), **os.environ})
    if any(not problem.serving_only for problem in environment.problems):
        refuse(environment.problems)
    return environment


def require_serving(environment: Environment) -> None:
    """For the doors that serve: ends the program while anything is missing."""
    if environment.problems:
        refuse(environment.problems)


def refuse(problems: tuple[Problem, ...]) -> NoReturn:
    lines = "\n".join(f"  - {problem}" for problem in problems)
    raise SystemExit(f"The settings are not complete; nothing was started.\n{lines}")


def _file(name: str) -> dict[str, str]:
    path = BASE_DIR / name
    if not name or not path.is_file():
        return {}

    class Lines(environ.Env):  # type: ignore[misc]
        # Its reader writes here instead of os.environ, which child processes would inherit.
        ENVIRON: dict[str, str] = {}

    Lines.read_env(path)
    return Lines.ENVIRON


def _raw(source: Mapping[str, str], name: str) -> tuple[str, Problem | None]:
    value, path = source.get(name, "").strip(), source.get(f"{name}_FILE", "").strip()
    if not path:
        return value, None
    if value:
        return "", Problem(name, f"both {name} and {name}_FILE are set", "keep one of them")
    try:
        return Path(path).read_text(encoding="utf-8").strip(), None
    except (OSError, UnicodeDecodeError) as wrong:
        what = f"the file {path} cannot be read ({type(wrong).__name__})"
        return "", Problem(f"{name}_FILE", what, "name a UTF-8 text file this process may read")


def _missing(environment: Environment, known: set[str]) -> list[Problem]:
    """What a server needs beyond well-formed values."""
    if environment.debugging:
        return []
    wanted: list[tuple[bool, str, str, str]] = [
        (not environment.secret_key, "SECRET_KEY", "it is missing", _KEY_RECIPE),
        (
            0 < len(environment.secret_key) < LEAST_SECRET_KEY,
            "SECRET_KEY",
            f"it is shorter than {LEAST_SECRET_KEY} characters",
            _KEY_RECIPE,
        ),
        (
            bool(environment.highlevel_client_id) and not environment.highlevel_client_secret,
            "HIGHLEVEL_CLIENT_SECRET",
            "it is missing while HIGHLEVEL_CLIENT_ID is set",
            "copy it from the marketplace app",
        ),
        (
            bool(environment.highlevel_client_id) and not environment.token_encryption_keys,
            "TOKEN_ENCRYPTION_KEYS",
            "it is missing while HIGHLEVEL_CLIENT_ID is set",
            "k1: followed by the output of `openssl rand -base64 32`",
        ),
    ]
    return [
        Problem(name, what, fix, serving_only=True)
        for wrong, name, what, fix in wanted
        if wrong and name not in known and f"{name}_FILE" not in known
    ]
