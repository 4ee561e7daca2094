"""Secrets by form and by name; what must never be taken for one; hiding them."""

import time

import pytest

from apps.workflows.analysis.facts.secret_values import (
    entropy,
    is_placeholder,
    is_secret_name,
    literal_secret,
)
from apps.workflows.analysis.facts.secrets import (
    formats_in,
    formed_secrets,
    named_secrets,
    query_secrets,
    redact,
)

# Made up for these tests; put together so that no scanner takes this file for a leak.
HEX32 = "9f86d081884c7d65" + "9a2feaa0c55ad015"
B62 = "aZ3kQ9xT7pLm2VbN8cR4wYj6" + "HsD1fGe5uKtX0oIq"
FORMED = [
    "sk-" + "ant-api03-" + B62,
    "sk-" + "proj-" + B62,
    "sk-" + B62,
    "AKIA" + "QWERTZ4ASDF5YXCV",
    "AIza" + "SyB3kQ9xT7pLm2VbN8cR4wYj6HsD1fGe5uK",
    "ghp_" + B62[:36],
    "glpat-" + B62[:20],
    "xox" + "b-123456789012-1234567890123-" + B62[:24],
    "sk_" + "live_" + B62,
    "sk_" + "test_" + B62,
    "SG." + B62[:22] + "." + B62 + "abc",
    "SK" + HEX32,
    "key-" + HEX32,
    HEX32 + "-us12",
    "pit-" + "9f86d081-884c-4d65-9a2f-eaa0c55ad015",
    "pat-" + "na1-9f86d081-884c-4d65-9a2f-eaa0c55ad015",
    "123456789:AA" + B62[:33],
    "https://hooks.slack.com/" + "services/T0AB12CD3/B0AB12CD3/" + B62[:24],
    "shpat_" + HEX32,
    "hf_" + "aZbkQcxTdpLmeVbNfcRgwYjhHsDifGejuKtX",
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiI3NyIsInJvbGUiOiJhZG1pbiJ9." + B62,
    "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEow" + B62,
]


@pytest.mark.parametrize("secret", FORMED, ids=lambda secret: secret[:10])
def test_a_provider_s_form_is_known_wherever_it_stands(secret):
    for text in (secret, f'const a = "{secret}";', f"curl -H x:{secret} y"):
        found = list(formed_secrets(text, formats_in(text)))
        assert found, text
        assert all(secret not in each.shown and len(each.shown) <= 5 for each in found)


@pytest.mark.parametrize(
    "text",
    [
        "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-YOUR_OPENAI_KEY_GOES_IN_THIS_PLACE",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "x" * 36,
        "pk_" + "live_" + B62,  # made to be public
        "https://acme.com/task-management-for-teams-and-more",
        HEX32,
        "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        "ssh-rsa " + "AAAAB3NzaC1yc2EAAAADAQABAAABgQ" + B62,
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A",
        "-----BEGIN PRIVATE KEY-----\nYOUR KEY\n-----END PRIVATE KEY-----",
        "data:image/png;base64,iVBORw0KGgo/" + "EAA" + B62 * 3,
        # Supabase's key for anonymous visitors
        "eyJhbGciOiJIUzI1NiJ9." + "eyJyb2xlIjoiYW5vbiJ9." + B62,
    ],
)
def test_ids_hashes_public_keys_and_placeholders_have_no_secret_s_form(text):
    assert list(formed_secrets(text)) == []


@pytest.mark.parametrize(
    "name",
    ["api_key", "X-API-Key", "apiKey", "Authorization", "client_secret", "access_token", "PASSWORD",
     "token", "Ocp-Apim-Subscription-Key", "smtpPass", "dbPassword", "PRIVATE-TOKEN"],
)  # fmt: skip
def test_names_of_secrets(name):
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    ["max_tokens", "maxToken", "nextPageToken", "tokenId", "keyword", "primary_key", "public_key",
     "sessionKey", "password_field", "tokenUrl", "authentication", "key", "monkey", "csrfToken",
     "secretName", "passwordHash", ""],
)  # fmt: skip
def test_names_of_other_things(name):
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("api_key", "b7e2D9xk41mPq8Zt"),
        ("apiKey", HEX32),
        ("Authorization", "Bearer b7e2D9xk41mPq8Zt"),
        ("Authorization", "=Bearer b7e2D9xk41mPq8Zt"),
        ("Authorization", "Basic YWRtaW46aHVudGVyMg=="),
        ("password", "hunter2"),
        ("password", "Tr0ub4dor&3"),
        ("token", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"),
    ],
)
def test_a_literal_under_a_telling_name_is_a_secret(name, value):
    assert literal_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("api_key", "={{ $json.key }}"),
        ("api_key", "{{custom_values.key}}"),
        ("api_key", "${API_KEY_2024}"),
        ("api_key", "$env.API_KEY_1"),
        ("api_key", "process.env.API_KEY_1"),
        ("api_key", "%API_KEY_1%"),
        ("api_key", "YOUR_API_KEY_123"),
        ("api_key", "<api-key-1234567>"),
        ("api_key", "xxxxxxxxxxxx1234"),
        ("api_key", "put-your-key-12-here"),
        ("Authorization", "Bearer YOUR_TOKEN_12345"),
        ("Authorization", "Bearer {{ $json.token }}"),
        ("Authorization", "Basic dXNlcm5hbWU6eW91cl9wYXNzd29yZA=="),  # username:your_password
        ("token", "body.data.access_token"),
        ("token", "steps.http1.token2"),
        ("token", "bearer"),
        ("token", "pk_" + "live_b7e2D9xk41mPq8Zt"),
        ("password", "password"),
        ("password", "the password field"),
        ("password", "{{9.password}}"),
        ("token", "https://acme.com/oauth2/token1"),
        ("token", "user1234@acme-tools.com"),
        ("token", "getToken(1234567890)"),
        ("token", "12345678"),
        ("token", ""),
    ],
)
def test_what_is_computed_or_only_stands_for_a_secret_is_none(name, value):
    assert literal_secret(name, value) is None


@pytest.mark.parametrize(
    "text",
    [
        "const apiKey = 'b7e2D9xk41mPq8Zt';",
        '{"client_secret": "b7e2D9xk41mPq8Zt"}',
        '{\\"client_secret\\": \\"b7e2D9xk41mPq8Zt\\"}',
        "headers['X-Api-Key'] = `b7e2D9xk41mPq8Zt`",
        'headers.set("x-auth-token", "b7e2D9xk41mPq8Zt")',
        "curl -H 'Authorization: Bearer b7e2D9xk41mPq8Zt' https://a.b",
        "password: 'hunter2!'",
        "postgres://app:hunter2@db.acme.com/shop",
    ],
)
def test_names_and_values_are_found_in_code(text):
    found = list(named_secrets(text))
    assert len(found) == 1
    assert "b7e2D9xk41mPq8Zt" not in found[0].shown


@pytest.mark.parametrize(
    "text",
    [
        "const apiKey = $env.API_KEY",
        "if (token === 'b7e2D9xk41mPq8Zt') {}",
        '["token", "other1234567890ab"]'.replace("token", "tokens"),
        '{"max_tokens": "b7e2D9xk41mPq8Zt"}',
        "postgres://{{ $json.user }}:{{ $json.pw }}@db.acme.com/shop",
        "https://user:password_here@acme.com",
        "https://acme.com:8080/@someone",
        "The token: 'a word that explains it'",
        "Bearer authentication is used by this API",
        "Basic understanding of the keyword",
    ],
)
def test_other_text_has_no_secret(text):
    assert [secret.kind for secret in named_secrets(text)] == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("api_key=9f3c2a7be41d&x=1", ["api_key"]),
        ("x=1&amp;access_token=9f3c2a7be41d", ["access_token"]),
        ("key=9f3c2a7be41d", ["key"]),
        ("appid=9f3c2a7be41d", ["appid"]),
        ("password=swordfish", ["password"]),
        ("api_key={{…}}", []),
        ("api_key=${KEY12345}", []),
        ("api_key=YOUR_KEY_1234", []),
        ("api_key=", []),
        ("token=confirm", []),
        ("resourcekey=0-UJ8EfTMMBRNVyBb6KhN2Tg", []),
        ("next_page_token=9f3c2a7be41d", []),
        ("keyword=9f3c2a7be41d", []),
        ("sort_key=created_at_2", []),
        ("", []),
    ],
)
def test_secrets_behind_the_question_mark(query, names):
    assert [name for name, _ in query_secrets(query)] == names


def test_redaction_leaves_four_characters_at_most():
    secret = "sk-" + "proj-" + B62
    text = f'key = "{secret}", password: "hunter2!", see https://a.b'
    shown = redact(text)
    assert secret not in shown
    assert "hunter2" not in shown
    assert "see https://a.b" in shown


def test_random_text_has_more_entropy_than_words():
    assert entropy(B62) > 4 > entropy("passwordpassword")
    assert entropy("") == 0


def test_a_placeholder_repeats_itself():
    assert is_placeholder("sk-000000000000000000")
    assert not is_placeholder(B62)


@pytest.mark.parametrize(
    "evil",
    ["key='" * 40_000, "bearer " * 30_000, "://a:" * 40_000, "token" * 40_000, "eyJ" * 60_000,
     "sk-" * 60_000, "EAA" * 60_000, "key" + " " * 100_000, "A" * 200_000],
)  # fmt: skip
def test_hostile_text_takes_linear_time(evil):
    started = time.perf_counter()
    list(formed_secrets(evil, formats_in(evil)))
    list(named_secrets(evil))
    assert time.perf_counter() - started < 2
