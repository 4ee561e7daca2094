"""The forms that providers give their keys, tokens and secret addresses: data for ``secrets``."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """``needle`` is in every text that holds such a secret; the pattern is the whole of it.

    ``spans_words`` says that the needle need not be in one word with the long part.
    """

    kind: str
    needle: str
    pattern: re.Pattern[str]
    spans_words: bool = False


def _format(kind: str, needle: str, pattern: str, before: str = r"A-Za-z0-9_-") -> Format:
    spans = "/" in needle or " " in needle
    return Format(kind, needle, re.compile(rf"(?<![{before}]){pattern}(?![A-Za-z0-9])"), spans)


#: May stand inside base64 data, such as a picture, where chance makes many of its kind.
_BASE64 = r"A-Za-z0-9_+/=-"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SLACK_PLACE = r"T[A-Z0-9]{6,14}/[A-Z0-9]{6,14}/[A-Za-z0-9/]{16,80}"

FORMATS = (
    # AI services
    _format("Anthropic key", "sk-ant-", r"sk-ant-[\w-]{20,200}"),
    _format("OpenRouter key", "sk-or-", r"sk-or-v1-[0-9a-f]{32,80}"),
    _format("OpenAI key", "sk-", r"sk-(?:proj|svcacct|admin)-[\w-]{20,250}"),
    _format("OpenAI key", "sk-", r"sk-[A-Za-z0-9]{20,64}"),
    _format("Hugging Face token", "hf_", r"hf_[A-Za-z]{30,40}"),
    _format("Groq key", "gsk_", r"gsk_[A-Za-z0-9]{40,60}"),
    _format("xAI key", "xai-", r"xai-[A-Za-z0-9]{60,100}"),
    _format("Replicate token", "r8_", r"r8_[A-Za-z0-9]{37}"),
    _format("Perplexity key", "pplx-", r"pplx-[A-Za-z0-9]{40,64}"),
    _format("Tavily key", "tvly-", r"tvly-(?:dev-|prod-)?[A-Za-z0-9]{24,48}"),
    _format("Apify token", "apify_api_", r"apify_api_[A-Za-z0-9]{30,50}"),
    # Money
    _format("Stripe key", "k_live_", r"[rs]k_live_[A-Za-z0-9]{16,250}"),
    _format("Stripe test key", "k_test_", r"[rs]k_test_[A-Za-z0-9]{16,250}"),
    _format("Stripe webhook secret", "whsec_", r"whsec_[A-Za-z0-9+/=]{24,80}"),
    _format("Square token", "EAAA", r"EAAA[\w-]{60}", _BASE64),
    _format("Shopify token", "shp", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    # Clouds and developers' tools
    _format("AWS access key", "AKIA", r"AKIA[A-Z2-7]{16}", _BASE64),
    _format("AWS access key", "ASIA", r"ASIA[A-Z2-7]{16}", _BASE64),
    _format("Google API key", "AIza", r"AIza[\w-]{35}"),
    _format("Google client secret", "GOCSPX-", r"GOCSPX-[\w-]{20,40}"),
    _format("Google access token", "ya29.", r"ya29\.[\w-]{30,300}"),
    _format("GitHub token", "ghp_", r"ghp_[A-Za-z0-9]{36,251}"),
    _format("GitHub token", "gho_", r"gho_[A-Za-z0-9]{36,251}"),
    _format("GitHub token", "ghs_", r"ghs_[A-Za-z0-9]{36,251}"),
    _format("GitHub token", "github_pat_", r"github_pat_\w{40,100}"),
    _format("GitLab token", "glpat-", r"glpat-[\w-]{20,60}"),
    _format("npm token", "npm_", r"npm_[A-Za-z0-9]{36}"),
    _format("DigitalOcean token", "_v1_", r"do[opr]_v1_[0-9a-f]{64}"),
    _format("Supabase token", "sbp_", r"sbp_[0-9a-f]{40}"),
    _format("Postman key", "PMAK-", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    _format("Linear key", "lin_api_", r"lin_api_[A-Za-z0-9]{32,48}"),
    _format("Figma token", "figd_", r"figd_[\w-]{36,50}"),
    # Talking to people
    _format("Slack token", "xox", r"xox[abeoprs]-[A-Za-z0-9-]{10,200}"),
    _format("Slack token", "xapp-", r"xapp-\d-[A-Za-z0-9-]{20,200}"),
    _format(
        "Slack webhook address",
        "hooks.slack.com/",
        rf"hooks\.slack\.com/(?:services|workflows)/{_SLACK_PLACE}",
    ),
    _format(
        "Discord webhook address",
        "/api/webhooks/",
        r"discord(?:app)?\.com/api/webhooks/\d{15,22}/[\w-]{50,90}",
    ),
    _format("Telegram bot token", ":AA", r"(?:bot)?\d{8,10}:AA[\w-]{33}"),
    _format("Twilio key", "SK", r"SK[0-9a-f]{32}"),
    _format("SendGrid key", "SG.", r"SG\.[\w-]{16,32}\.[\w-]{32,64}"),
    _format("Mailgun key", "key-", r"key-[0-9a-f]{32}"),
    _format("Mailchimp key", "-us", r"[0-9a-f]{32}-us\d{1,2}"),
    _format("Brevo key", "xkeysib-", r"xkeysib-[0-9a-f]{64}-\w{16}"),
    _format("Facebook access token", "EAA", r"EAA[A-Za-z0-9]{80,400}", _BASE64),
    # Customers and content
    _format("HighLevel private integration token", "pit-", rf"pit-{_UUID}"),
    _format("HubSpot token", "pat-", rf"pat-(?:na|eu|ap)\d-{_UUID}"),
    _format("Notion token", "ntn_", r"ntn_[A-Za-z0-9]{40,60}"),
    _format("Notion token", "secret_", r"secret_[A-Za-z0-9]{43}"),
    _format("Airtable token", "pat", r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}"),
    # Whoever
    _format("JSON web token", "eyJ", r"eyJ[\w-]{10,800}\.eyJ[\w-]{10,4000}\.[\w-]{10,800}"),
    _format(
        "private key",
        "PRIVATE KEY-----",
        r"-----BEGIN (?:[A-Z]{2,9} ){0,2}PRIVATE KEY-----(?:\s|\\[nr]){0,4}[A-Za-z0-9+/=]{20,100}",
    ),
)
