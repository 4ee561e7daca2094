"""Checks that look at settings: each passes where all is well, and speaks up where it is not."""

import base64
import importlib
import os
from datetime import UTC, datetime, timedelta

import pytest

from apps.ops.deployment.target import Target
from apps.ops.deployment.verdict import Status, Verdict
from config import env

KEY = "q8Vb0tX2mZ7nR4kLw9sEa6YcJd3HfGuPiOoTv1BxNyMzQrWe5U"


def raw(name: str, byte: int = 0) -> str:
    return f"{name}:" + base64.b64encode(bytes((byte + n * 7) % 256 for n in range(32))).decode()


def run(name: str, url: str = "") -> Verdict:
    module = importlib.import_module(f"apps.ops.deployment.checks.{name}")
    verdict: Verdict = module.check(Target(url))
    return verdict


STRIPE = {"STRIPE_SECRET_KEY": "sk_live_1"}
HIGHLEVEL = {
    "HIGHLEVEL_CLIENT_ID": "app",
    "HIGHLEVEL_CLIENT_SECRET": "s",
    "HIGHLEVEL_REDIRECT_URI": "https://app.example.com/auth/callback",
}
BY_ENVIRONMENT = [
    ("settings_complete", {"SECRET_KEY": KEY}, "pass"),
    ("settings_complete", {}, "fail"),
    ("settings_complete", {"SECRET_KEY": KEY, "HIGHLEVEL_CLIENT_ID": "app"}, "fail"),
    ("secret_key", {"SECRET_KEY": KEY}, "pass"),
    ("secret_key", {}, "fail"),
    ("secret_key", {"SECRET_KEY": "abc" * 20}, "fail"),
    ("secret_key", {"SECRET_KEY": "django-insecure-" + KEY}, "fail"),
    ("secret_key", {"SECRET_KEY": KEY[:40]}, "warn"),
    ("debug_off", {}, "pass"),
    ("debug_off", {"DEBUG": "true"}, "warn"),
    ("private_addresses_closed", {}, "pass"),
    ("private_addresses_closed", {"ALLOW_PRIVATE_ADDRESSES": "true"}, "warn"),
    ("rate_limits", {}, "pass"),
    ("rate_limits", {"RATE_LIMIT_AUTH": "5/s"}, "warn"),
    ("rate_limits", {"RATE_LIMIT_AUTH": "1000/d"}, "pass"),
    ("monitoring_token", {"MONITORING_TOKEN": KEY}, "pass"),
    ("monitoring_token", {"MONITORING_TOKEN": "short"}, "fail"),
    ("monitoring_token", {}, "warn"),
    ("encryption_keys", {"TOKEN_ENCRYPTION_KEYS": raw("k1")}, "pass"),
    ("encryption_keys", {"TOKEN_ENCRYPTION_KEYS": f"{raw('k2', 3)},{raw('k1')}"}, "pass"),
    ("encryption_keys", {"TOKEN_ENCRYPTION_KEYS": f"{raw('k2')},{raw('k1')}"}, "fail"),
    ("encryption_keys", {"TOKEN_ENCRYPTION_KEYS": "k1:" + "A" * 43 + "="}, "fail"),
    ("encryption_keys", {"HIGHLEVEL_CLIENT_ID": "app"}, "fail"),
    ("encryption_keys", {}, "skip"),
    ("stripe_key", {}, "skip"),
    ("stripe_key", STRIPE, "pass"),
    ("stripe_key", {"STRIPE_SECRET_KEY": "rk_live_1"}, "pass"),
    ("stripe_key", {"STRIPE_SECRET_KEY": "sk_test_1"}, "fail"),
    ("stripe_key", {"STRIPE_SECRET_KEY": "pk_live_1"}, "fail"),
    ("stripe_key", {"STRIPE_SECRET_KEY": "whsec_1"}, "fail"),
    ("stripe_key", {**STRIPE, "STRIPE_API_BASE": "http://127.0.0.1:1"}, "warn"),
    ("stripe_webhooks", {}, "skip"),
    ("stripe_webhooks", STRIPE, "fail"),
    ("stripe_webhooks", {**STRIPE, "STRIPE_WEBHOOK_SECRETS": "whsec_1, whsec_2"}, "pass"),
    ("stripe_webhooks", {**STRIPE, "STRIPE_WEBHOOK_SECRETS": "sk_live_1"}, "fail"),
    ("stripe_webhooks", {**STRIPE, "STRIPE_WEBHOOK_SECRETS": "whsec_1,whsec_2,whsec_3"}, "warn"),
    ("stripe_prices", {}, "skip"),
    ("stripe_prices", {**STRIPE, "STRIPE_PRICE_PRO_MONTHLY": "price_1"}, "fail"),
    ("highlevel_app", {}, "skip"),
    ("highlevel_app", HIGHLEVEL, "pass"),
    ("highlevel_app", {"HIGHLEVEL_CLIENT_ID": "app"}, "fail"),
    ("highlevel_app", {**HIGHLEVEL, "HIGHLEVEL_REDIRECT_URI": "http://x.y/auth/callback"}, "fail"),
    ("highlevel_app", {**HIGHLEVEL, "HIGHLEVEL_REDIRECT_URI": "https://x.y/callback"}, "fail"),
    ("highlevel_addresses", {}, "skip"),
    ("highlevel_addresses", HIGHLEVEL, "pass"),
    ("highlevel_addresses", {**HIGHLEVEL, "HIGHLEVEL_API_BASE_URL": "http://127.0.0.1:1"}, "fail"),
    ("highlevel_addresses", {**HIGHLEVEL, "HIGHLEVEL_API_BASE_URL": "https://x.example"}, "warn"),
    ("highlevel_addresses", {**HIGHLEVEL, "HIGHLEVEL_AUTHORIZE_URL": "https://x.example"}, "pass"),
    ("error_reporting", {"SENTRY_DSN": "https://key@sentry.example/1"}, "pass"),
    ("error_reporting", {}, "warn"),
    ("alert_channels", {"ALERT_EMAILS": "a@b.co", "NOTIFICATION_URLS": "slack://x"}, "pass"),
    ("alert_channels", {"ALERT_EMAILS": "a@b.co"}, "warn"),
    ("alert_channels", {}, "fail"),
    ("broker", {}, "warn"),
    ("broker", {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0"}, "fail"),
    ("broker", {"CELERY_BROKER_URL": "amqp://guest:guest@127.0.0.1:1//"}, "fail"),
    ("workers", {}, "skip"),
    ("redis_eviction", {}, "skip"),
    ("backups", {"BACKUP_STATUS": "managed"}, "pass"),
    ("backups", {"BACKUP_STATUS": "/nowhere/last-success"}, "fail"),
    ("backups", {}, "fail"),
]
PRICES = {**STRIPE, "STRIPE_PRICE_PRO_MONTHLY": "price_1"}
BY_ENVIRONMENT += [
    ("stripe_prices", {**PRICES, "STRIPE_PRICE_PRO_YEARLY": "price_2"}, "pass"),
    ("stripe_prices", {**PRICES, "STRIPE_PRICE_PRO_YEARLY": "price_1"}, "fail"),
]


@pytest.mark.parametrize(("name", "environment", "status"), BY_ENVIRONMENT)
def test_environment_is_judged(settings, name, environment, status):
    settings.ENVIRONMENT = env.read(environment)
    assert run(name).status == status


SMTP = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_USE_SSL": False}
BY_SETTING = [
    ("debug_off", {"DEBUG": True}, "fail"),
    ("allowed_hosts", {"ALLOWED_HOSTS": ["app.example.com"]}, "pass"),
    ("allowed_hosts", {"ALLOWED_HOSTS": ["app.example.com", "*"]}, "fail"),
    ("allowed_hosts", {"ALLOWED_HOSTS": ["localhost", "127.0.0.1"]}, "fail"),
    ("allowed_hosts", {"ALLOWED_HOSTS": [".example.com"]}, "warn"),
    ("frontend_url", {"FRONTEND_URL": "https://app.example.com"}, "pass"),
    ("frontend_url", {"FRONTEND_URL": "http://app.example.com"}, "fail"),
    ("frontend_url", {"FRONTEND_URL": ""}, "warn"),
    ("trusted_proxies", {"TRUSTED_PROXY_COUNT": 1}, "pass"),
    ("trusted_proxies", {"TRUSTED_PROXY_COUNT": 0}, "warn"),
    ("trusted_proxies", {"TRUSTED_PROXY_COUNT": 9}, "warn"),
    ("test_endpoints_off", {"ENABLE_TEST_ENDPOINTS": False}, "pass"),
    ("test_endpoints_off", {"ENABLE_TEST_ENDPOINTS": True}, "fail"),
    ("logging_format", {"LOG_FORMAT": "json"}, "pass"),
    ("logging_format", {"LOG_FORMAT": "console"}, "warn"),
    ("cookies", {}, "pass"),
    ("cookies", {"SESSION_COOKIE_SECURE": False}, "fail"),
    ("cookies", {"CSRF_COOKIE_SAMESITE": "None"}, "fail"),
    ("hsts", {}, "pass"),
    ("hsts", {"SECURE_HSTS_SECONDS": 0}, "fail"),
    ("hsts", {"SECURE_HSTS_SECONDS": 3600}, "warn"),
    ("content_security_policy", {}, "pass"),
    ("content_security_policy", {"CONTENT_SECURITY_POLICY": {}}, "warn"),
    (
        "content_security_policy",
        {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"script-src": ["'unsafe-inline'"]}}},
        "fail",
    ),
    ("cors", {"CORS_ALLOWED_ORIGINS": []}, "pass"),
    ("cors", {"CORS_ALLOW_ALL_ORIGINS": True}, "fail"),
    ("cors", {"CORS_ALLOWED_ORIGINS": ["https://other.example"]}, "fail"),
    ("staff_two_factor", {"STAFF_TWO_FACTOR": True}, "pass"),
    ("staff_two_factor", {"STAFF_TWO_FACTOR": False}, "fail"),
    ("cache", {"REDIS_URL": ""}, "warn"),
    ("cache", {"REDIS_URL": "redis://127.0.0.1:1/0"}, "fail"),
    ("email_delivery", {}, "fail"),
    ("email_delivery", {**SMTP, "EMAIL_USE_TLS": True}, "pass"),
    ("email_delivery", {**SMTP, "EMAIL_USE_TLS": False}, "warn"),
    ("email_sender", {"DEFAULT_FROM_EMAIL": "Us <us@example.com>"}, "pass"),
    ("email_sender", {"DEFAULT_FROM_EMAIL": "Us <noreply@localhost>"}, "fail"),
    ("email_sender", {"DEFAULT_FROM_EMAIL": "us@demo.test"}, "fail"),
]


@pytest.mark.parametrize(("name", "changed", "status"), BY_SETTING)
def test_setting_is_judged(settings, name, changed, status):
    for setting, value in changed.items():
        setattr(settings, setting, value)
    assert run(name).status == status


@pytest.mark.parametrize("level", ["DEBUG", "ERROR"])
def test_log_level_that_says_too_much_or_too_little_is_told(settings, level):
    settings.ENVIRONMENT = env.read({"LOG_LEVEL": level})
    assert run("logging_format").status == Status.WARN


def test_host_of_the_address_must_be_allowed(settings):
    settings.ALLOWED_HOSTS = ["app.example.com"]
    assert run("allowed_hosts", "https://app.example.com").status == Status.PASS
    assert run("allowed_hosts", "https://www.example.com").status == Status.FAIL


def test_redirect_address_must_be_on_the_host_that_is_checked(settings):
    settings.ENVIRONMENT = env.read(HIGHLEVEL)
    assert run("highlevel_app", "https://app.example.com").status == Status.PASS
    assert run("highlevel_app", "https://www.example.com").status == Status.FAIL


@pytest.mark.parametrize(("hours", "status"), [(1, "pass"), (25, "pass"), (27, "fail")])
def test_age_of_the_backup_is_that_of_its_file(settings, tmp_path, hours, status):
    mark = tmp_path / "last-success"
    mark.touch()
    moment = (datetime.now(UTC) - timedelta(hours=hours)).timestamp()
    os.utime(mark, (moment, moment))
    settings.ENVIRONMENT = env.read({"BACKUP_STATUS": str(mark)})
    assert run("backups").status == status


def test_django_checks_are_part_of_it(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECRET_KEY = KEY
    assert run("django_deploy_checks").status == Status.PASS
    settings.SECURE_CONTENT_TYPE_NOSNIFF = False
    verdict = run("django_deploy_checks")
    assert verdict.status == Status.WARN
    assert "security.W006" in verdict.message


@pytest.mark.parametrize("name", ["disk_space", "open_files", "python_version"])
def test_machine_of_the_tests_is_judged_without_a_failure(name):
    assert run(name).status in {Status.PASS, Status.WARN}


def test_collected_static_files_are_seen(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    assert run("static_files").status == Status.WARN
    (tmp_path / "staticfiles.json").write_text("{}")
    assert run("static_files").status == Status.PASS
