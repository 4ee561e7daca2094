"""Django's settings, safe by default: debug, open hosts and plain cookies must be asked for."""

import secrets
from typing import Any

from corsheaders.defaults import default_headers
from csp.constants import NONCE, NONE, SELF

from config import env
from config.rest import REST_FRAMEWORK, SPECTACULAR_SETTINGS

__all__ = ["REST_FRAMEWORK", "SPECTACULAR_SETTINGS"]

BASE_DIR = env.BASE_DIR
ENVIRONMENT = env.load()

DEBUG = ENVIRONMENT.debugging
_KNOWN_KEY = "only-for-debugging-" * 3
# A fixed key keeps people signed in over restarts in debug; a random one lets commands run bare.
SECRET_KEY = ENVIRONMENT.secret_key or (_KNOWN_KEY if DEBUG else secrets.token_urlsafe(50))
# Hashes of API tokens. Never random: `create_token` in a bare shell makes one for the server that
# runs in debug beside it. A known key gives nothing away, as nobody can guess 256 random bits.
API_TOKEN_KEY = ENVIRONMENT.secret_key or _KNOWN_KEY
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
FRONTEND_URL = ENVIRONMENT.frontend_url
TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxy_count
TOKEN_ENCRYPTION_KEYS = dict(ENVIRONMENT.token_encryption_keys)
ALLOW_PRIVATE_ADDRESSES = ENVIRONMENT.allow_private_addresses
STAFF_TWO_FACTOR = ENVIRONMENT.staff_two_factor and not DEBUG
OTP_TOTP_ISSUER = "Workflow Debugger"
DEMO_PASSWORD = ENVIRONMENT.demo_password
NO_COLOR = bool(ENVIRONMENT.no_color)
ENABLE_TEST_ENDPOINTS = DEBUG or ENVIRONMENT.enable_test_endpoints

INSTALLED_APPS = [
    "apps.workflows",
    "apps.billing",
    "apps.accounts",
    "apps.webhooks",
    "apps.ops",
    "apps.ops.staff.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "corsheaders",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "apps.ops.middleware.RequestIdMiddleware",
    "apps.ops.tracing.TracingMiddleware",
    "apps.ops.metrics.middleware.FiguresMiddleware",
    "apps.ops.middleware.AccessLogMiddleware",
    "apps.ops.headers.HeadersMiddleware",
    "apps.ops.headers.CompressionMiddleware",
    "apps.ops.middleware.FailureMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.ops.middleware.SessionMiddleware",
    # Before all that costs, but after the session, which tells who asks.
    "apps.ops.ratelimits.RateLimitMiddleware",
    "apps.ops.timelimit.TimeLimitMiddleware",
    "apps.ops.middleware.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
            "builtins": ["apps.workflows.templatetags.pages"],
        },
    },
]

DATABASE: dict[str, Any] = dict(ENVIRONMENT.database_url) or {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": str(BASE_DIR / "db.sqlite3"),
}
if DATABASE["ENGINE"].endswith("postgresql"):
    # Bounded on every side: gunicorn's timeout does not end a request that waits for the database.
    DATABASE["OPTIONS"] = {
        "connect_timeout": 3,
        # A peer that vanished without a word is given up after as long.
        "tcp_user_timeout": 20_000,
        "keepalives_idle": 10,
        "options": "-c statement_timeout=15000",
        **DATABASE.get("OPTIONS", {}),
    }
    # Kept by its thread rather than pooled: twice the throughput of a pool on short queries.
    DATABASE |= {
        "ENGINE": "apps.ops.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
else:
    if DATABASE["NAME"] != ":memory:":
        DATABASE["NAME"] = str(BASE_DIR / DATABASE["NAME"])
    # Writers queue from the start of a transaction instead of failing when they upgrade a lock.
    DATABASE["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        **DATABASE.get("OPTIONS", {}),
    }
DATABASES = {"default": DATABASE}
# Off on purpose: it would roll back the evidence rows of requests that fail.
ATOMIC_REQUESTS = False

REDIS_URL = ENVIRONMENT.redis_url
REDIS_TIMEOUT_SECONDS = 0.25
# Redis first, memory of the process while it is away; see apps/ops/fallback.py.
_CACHE_OPTIONS: dict[str, dict[str, Any]] = {
    "default": {"MEMORY_SECONDS": 10},
    "sessions": {"MEMORY_SECONDS": 0},
    "limits": {"COUNTERS": True},
}
CACHES: dict[str, dict[str, Any]] = {
    alias: {
        "BACKEND": "apps.ops.fallback.FallbackCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "workflow-debugger",
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": REDIS_TIMEOUT_SECONDS,
            "SOCKET_TIMEOUT": REDIS_TIMEOUT_SECONDS,
            **options,
        },
    }
    for alias, options in _CACHE_OPTIONS.items()
}
# The database is behind the cache, so that people stay signed in when Redis loses its data.
SESSION_ENGINE = "django.contrib.sessions.backends." + ("cached_db" if REDIS_URL else "db")
SESSION_CACHE_ALIAS = "sessions"

# A part that has not answered by then counts as failed; nothing waits for it any longer.
HEALTH_TIMEOUT_SECONDS = 2.0
HEALTH_THRESHOLDS = {
    "memory": ENVIRONMENT.health_memory,
    "disk": ENVIRONMENT.health_disk,
    "load": ENVIRONMENT.health_load,
    "database": ENVIRONMENT.health_database,
}

# Requests and seconds of each tier; see apps/ops/ratelimits.py.
RATE_LIMITS: dict[str, tuple[int, int]] = {
    tier: (rate.count, rate.seconds)
    for tier, rate in {
        "auth": ENVIRONMENT.rate_limit_auth,
        "write": ENVIRONMENT.rate_limit_write,
        "read": ENVIRONMENT.rate_limit_read,
    }.items()
}
RATE_LIMIT_STRATEGY = ENVIRONMENT.rate_limit_strategy
RATELIMIT_USE_CACHE = "limits"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "apps.ops.ratelimits.NameLimitBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "apps.ops.staticfiles.StaticStorage"},
}
# Without `collectstatic` files are served from where they lie, so that a bare checkout works.
WHITENOISE_USE_FINDERS = DEBUG or not (STATIC_ROOT / "staticfiles.json").exists()

MAX_BODY_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES
REQUEST_TIMEOUT_SECONDS = ENVIRONMENT.request_timeout

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "apps.ops.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [FRONTEND_URL] if FRONTEND_URL else []
CORS_ALLOWED_ORIGINS = [FRONTEND_URL] if FRONTEND_URL else []
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_HEADERS = [*default_headers, "x-request-id", "idempotency-key"]
CORS_EXPOSE_HEADERS = [
    "X-Request-ID",
    "Retry-After",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
]

# Subdomains and the preload list bind every other service of the domain: not ours to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 0 if DEBUG else 31_536_000
# Only a proxy we know may say how the visitor came; else anyone could claim https.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_SSL_REDIRECT = bool(
    not DEBUG and TRUSTED_PROXY_COUNT and FRONTEND_URL.startswith("https://")
)
SECURE_REDIRECT_EXEMPT = [r"^(live|ready|health/(liveness|readiness)|api/health/(live|ready))$"]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
vars().update(ENVIRONMENT.email_url)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENVIRONMENT.default_from_email

# Without a broker jobs run in the web process; see apps/ops/jobs and config/celery.py.
CELERY_BROKER_URL = ENVIRONMENT.celery_broker_url
CELERY_APP = "config.celery.app"
JOB_LEASE_SECONDS = ENVIRONMENT.job_lease_seconds
JOB_TICK_SECONDS = max(1, JOB_LEASE_SECONDS // 6)

LOG_FORMAT = ENVIRONMENT.log_format or ("console" if DEBUG else "json")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "apps.ops.logs.JsonFormatter"},
        "console": {"()": "apps.ops.logs.ConsoleFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level},
    "loggers": {
        # The access line says the same in one place.
        "django": {"level": ENVIRONMENT.log_level, "handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},
        # Scanners send any Host; the access line with its 400 is enough.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.server": {"level": "CRITICAL", "handlers": [], "propagate": True},
        # Jobs have a line of their own, with their kind and the request behind them.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        # Two lines for every call; the gateway says what went wrong.
        "stripe": {"level": "WARNING"},
    },
}
