"""What is known about Make's modules, as data: exact ones, apps, and the verbs of actions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from apps.workflows.analysis.graph import Kind, StepType, Trait
from apps.workflows.platforms.make.fields import words

#: A kind and its traits, then the modules they hold for.
_TABLE = """
branch: builtin:BasicRouter builtin:BasicIfElse
merge: builtin:BasicMerge builtin:BasicAggregator util:TextAggregator util:TableAggregator
  util:FunctionAggregator util:FunctionAggregator2 util:AggregateAggregator json:AggregateToJSON
loop: builtin:BasicFeeder builtin:BasicRepeater
error: builtin:Ignore builtin:Resume builtin:Commit builtin:Rollback builtin:Break
wait: util:FunctionSleep util:Sleep builtin:Sleep
marker: placeholder:Placeholder
trigger starts: util:BasicTrigger
trigger starts webhook: gateway:CustomWebHook gateway:CustomMailHook
trigger called: scenario-service:StartSubscenario
respond: gateway:WebhookRespond scenario-service:ReturnData
enrol: scenario-service:CallSubscenario
code: code:ExecuteCode
write writes: datastore:AddRecord datastore:UpdateRecord datastore:DeleteRecord
  datastore:DeleteAllRecords
ai calls: ai-tools:Ask ai-local-agent:RunLocalAIAgent
"""
#: How apps are called where their name in the file does not say it.
_APPS = {
    "builtin": "",
    "util": "Tools",
    "datastore": "Data store",
    "regexp": "Text parser",
    "http": "HTTP",
    "json": "JSON",
    "xml": "XML",
    "csv": "CSV",
    "google-email": "Gmail",
    "openai-gpt-3": "OpenAI",
}
_LABELS = {
    "builtin:BasicRouter": "Router",
    "builtin:BasicIfElse": "If-else",
    "builtin:BasicMerge": "Merge",
    "builtin:BasicFeeder": "Iterator",
    "builtin:BasicRepeater": "Repeater",
    "builtin:BasicAggregator": "Array aggregator",
    "gateway:CustomWebHook": "Custom webhook",
    "gateway:CustomMailHook": "Custom mailhook",
    "gateway:WebhookRespond": "Webhook response",
    "util:FunctionSleep": "Sleep",
    "util:Sleep": "Sleep",
    "builtin:Sleep": "Sleep",
    "placeholder:Placeholder": "Do nothing",
}
#: Make's own tools: they work on the data at hand and talk to nobody.
_LOCAL = words(
    "builtin util json xml csv regexp datastore gateway placeholder math markdown image archive "
    "encryptor html-to-text text-parser code scenario-service"
)
_AI = words(
    "openai-gpt-3 openai anthropic-claude gemini-ai google-gemini mistral-ai perplexity-ai "
    "deepseek-ai cohere hugging-face groq ai-tools ai-local-agent ai-agent make-ai-agents "
    "google-vertex-ai azure-openai stability-ai replicate elevenlabs"
)
_SQL = words("mysql postgres postgresql mssql oracle-db snowflake bigquery google-bigquery")
_SHELL = words("ssh")
_TEAM = words(
    "slack discord microsoft-teams mattermost google-chat pushover pushbullet ios android "
    "rocketchat webex"
)
_PAYMENT = words("stripe paypal square braintree mollie razorpay chargebee gocardless")
_CHANNELS = {
    "email": "email",
    "google-email": "email",
    "gmail": "email",
    "microsoft-email": "email",
    "zoho-mail": "email",
    "sendgrid": "email",
    "mailgun": "email",
    "mandrill": "email",
    "postmark": "email",
    "sendinblue": "email",
    "twilio": "sms",
    "vonage": "sms",
    "clicksend": "sms",
    "messagebird": "sms",
    "plivo": "sms",
    "whatsapp-business-cloud": "whatsapp",
    "telegram": "telegram",
    "viber": "viber",
    "facebook-messenger": "messenger",
    "facebook-pages-messenger": "messenger",
}

_READ = words(
    "get list search watch find filter read retrieve download fetch lookup check count select "
    "query iterate export feed"
)
_SEND = words("send reply notify")
_WRITE = words(
    "create add update upsert delete remove insert append upload edit set move copy archive "
    "assign complete close cancel mark save put patch import replace clear merge duplicate rename "
    "change enroll subscribe unsubscribe share publish post approve reject restore convert "
    "tag untag link unlink invite"
)
_REQUEST = words("make call run execute invoke request api rest graphql trigger action")
#: Words of a message, to tell it from other things that can be sent.
_MESSAGES = words(
    "email mail message sms mms text whatsapp reply notification media template photo"
)
_CHARGE = words("charge payment invoice refund subscription checkout payout order session intent")
#: Words before the verb that say what sort of module it is, not what it does.
_PREFIXES = words("action trigger function feeder iterator aggregator basic searcher")
_LONGEST_TYPE = 200
#: Where a new word begins in camelCase, capitals of an abbreviation kept together.
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def _rows() -> Iterator[tuple[str, StepType]]:
    for row in re.split(r"\n(?!\s)", _TABLE.strip()):
        head, names = row.split(": ", 1)
        kind, *traits = head.split()
        spec = StepType(Kind(kind), traits=frozenset(map(Trait, traits)))
        for name in names.split():
            yield name, replace(spec, label=label_of(name))


def as_trigger(spec: StepType, *, instant: bool) -> StepType:
    """The first module starts the scenario, whatever else it is."""
    if Trait.CALLED in spec.traits:
        return spec
    traits = {Trait.STARTS, Trait.WEBHOOK} if instant else {Trait.STARTS}
    # A router or an iterator stays one: its routes and its body are still there.
    keeps = spec.kind in (Kind.BRANCH, Kind.LOOP, Kind.MERGE, Kind.WAIT)
    return replace(spec, kind=spec.kind if keeps else Kind.TRIGGER, traits=spec.traits | traits)


def label_of(module: str) -> str:
    """``google-sheets:addRow`` as a person says it: Google Sheets: add row."""
    if module in _LABELS:
        return _LABELS[module]
    app, _, action = module[:_LONGEST_TYPE].partition(":")
    plain = " ".join(part.capitalize() for part in re.split(r"[-_\s]+", app) if part)
    name = _APPS.get(app, plain)
    doing = " ".join(_verb_first(action))
    return f"{name}: {doing}" if name and doing else name or doing.capitalize()


def spec_of(module: str) -> StepType:
    """What a module is, exactly or by the conventions of its app and the name of its action."""
    return _spec_of(module[: _LONGEST_TYPE + 1])  # no name that is known is so long


@lru_cache(maxsize=1024)
def _spec_of(module: str) -> StepType:
    known = _EXACT.get(module)
    if known is not None:
        return known
    app, _, action = module[:_LONGEST_TYPE].partition(":")
    return replace(_by_convention(app, _verb_first(action)), label=label_of(module))


def _verb_first(action: str) -> list[str]:
    """The words of an action's name in lower case, beginning with its verb."""
    spaced = _HUMP.sub(" ", action)
    found = [re.sub(r"\d+$", "", word).lower() for word in re.split(r"[^A-Za-z0-9]+", spaced)]
    found = [word for word in found if word]
    while len(found) > 1 and found[0] in _PREFIXES:
        found.pop(0)
    return found


def _type(kind: Kind, *traits: Trait, channel: str = "") -> StepType:
    return StepType(kind, traits=frozenset(traits), channel=channel)


def _by_convention(app: str, action: list[str]) -> StepType:
    if not action:
        return _type(Kind.UNKNOWN)
    if app == "http":
        return _type(Kind.CALL, Trait.CALLS)
    if app in _SHELL:
        return _type(Kind.CODE, Trait.CALLS, Trait.RISKY)
    if app in _LOCAL:
        return _type(Kind.STEP)
    if app in _AI:
        return _type(Kind.AI, Trait.CALLS)
    if app in _SQL:
        return _type(Kind.CALL, Trait.CALLS, Trait.SQL)
    return _by_verb(app, action)


def _by_verb(app: str, action: list[str]) -> StepType:
    verb, rest = action[0], set(action[1:])
    if app in _PAYMENT and verb in _WRITE and rest & _CHARGE:
        return _type(Kind.WRITE, Trait.CHARGES, Trait.WRITES, Trait.CALLS)
    if verb in _SEND or (verb in ("create", "post") and _is_message(app, rest)):
        return _message(app, verb, rest)
    if verb in _READ:
        return _type(Kind.CALL, Trait.CALLS)
    if verb in _WRITE:
        return _type(Kind.WRITE, Trait.WRITES, Trait.CALLS)
    if verb in _REQUEST or set(action) & {"rest", "api", "request", "graphql"}:
        return _type(Kind.CALL, Trait.CALLS)
    return _type(Kind.UNKNOWN)


def _is_message(app: str, rest: set[str]) -> bool:
    return bool(rest & _MESSAGES) and (app in _TEAM or app in _CHANNELS)


def _message(app: str, verb: str, rest: set[str]) -> StepType:
    if app in _TEAM:
        return _type(Kind.NOTIFY, Trait.CALLS)
    channel = _CHANNELS.get(app, "")
    if channel or rest & _MESSAGES or verb == "reply":
        return _type(Kind.MESSAGE, Trait.SENDS, Trait.CALLS, channel=channel)
    return _type(Kind.CALL, Trait.CALLS)


_EXACT = dict(_rows())
SLEEP = frozenset(name for name, spec in _EXACT.items() if spec.kind is Kind.WAIT)
DIRECTIVES = frozenset(name for name, spec in _EXACT.items() if spec.kind is Kind.ERROR)
