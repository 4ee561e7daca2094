"""A merge field whose custom value is blank.

## Why it matters
Where the value should stand the contact reads nothing, or the placeholder that was never replaced:
“Leave us a review here:” and no link.

## How to fix
Fill in the custom value under Settings → Custom Values, or take the field out of the message.

## Bad
    {"customValues": [{"id": "cv1", "name": "Review link",
      "fieldKey": "{{ custom_values.review_link }}", "value": ""}], "workflows": [
      {"id": "wf-a", "name": "Review", "status": "published", "workflowData": {"templates": [
        {"id": "s1", "type": "sms", "name": "Ask for a review", "order": 0,
         "attributes": {"body": "How was it? {{custom_values.review_link}}"}}]}, "triggers": []}]}

## Good
    {"customValues": [{"id": "cv1", "name": "Review link",
      "fieldKey": "{{ custom_values.review_link }}", "value": "https://g.page/r/harbour/review"}],
     "workflows": [
      {"id": "wf-a", "name": "Review", "status": "published", "workflowData": {"templates": [
        {"id": "s1", "type": "sms", "name": "Ask for a review", "order": 0,
         "attributes": {"body": "How was it? {{custom_values.review_link}}"}}]}, "triggers": []}]}
"""

from collections.abc import Iterator

from apps.workflows.analysis.facts.lists import CustomValue, lists_of, no_list
from apps.workflows.analysis.facts.messages import tokens
from apps.workflows.analysis.facts.placeholders import placeholders
from apps.workflows.analysis.findings import Confidence, Hit, NotChecked, Severity
from apps.workflows.analysis.graph import HIGHLEVEL, Graph, Kind, Need, Step
from apps.workflows.analysis.rule import Found, Rule, names

rule = Rule(
    __name__,
    __doc__,
    severity=Severity.HIGH,
    confidence=Confidence.CERTAIN,
    platforms=[HIGHLEVEL],
    needs=(Need.LISTS,),
)

_OBJECT = "custom_values."
#: Values that only keep the place of one, as a whole.
_STAND_INS = frozenset(
    {"tbd", "tbc", "tba", "todo", "xxx", "xxxx", "...", "…", "-", "--", "n/a", "null", "undefined"}
    | {"placeholder", "change me", "changeme", "replace me", "to be added", "http://", "https://"}
    | {"your name", "your business name", "your company name", "your company", "your business"}
    | {"your phone number", "your email", "your address", "your website", "your link"}
    | {"your review link", "your calendar link", "your booking link", "#"}
)
_STARTS = ("insert ", "enter your", "add your", "put your", "paste ", "replace with")


@rule.graph
def check(graph: Graph) -> Found:
    if _OBJECT not in graph.text:
        return None
    lists = lists_of(graph)
    if lists is None:
        return None
    values = lists.custom_values
    used = _used(graph)
    if values is None:
        return NotChecked(no_list("customValues")) if used else None
    return [
        _hit(key, values[key], why, used[key])
        for key in sorted(used)
        if key in values and (why := _fault(values[key].value))
    ]


def _used(graph: Graph) -> dict[str, list[Step]]:
    """The custom values in texts, with the steps they stand in."""
    used: dict[str, list[Step]] = {}
    for step in graph.steps:
        if step.enabled and step.spec.kind is not Kind.NOTE and _OBJECT in step.text:
            for key in dict.fromkeys(_keys(step)):
                used.setdefault(key, []).append(step)
    return used


def _keys(step: Step) -> Iterator[str]:
    for parameter, written in step.texts():
        if _OBJECT in written and parameter != "code":
            for token in tokens(written):
                token = token.replace("\xa0", " ").replace("&nbsp;", " ").strip()
                # “default custom_values.x "…"” has something to fall back on.
                if token.startswith(_OBJECT):
                    yield token.removeprefix(_OBJECT).split(" ", 1)[0]


def _fault(value: str | None) -> str:
    """What is wrong with a value; empty where nothing is or the list does not tell."""
    if value is None:
        return ""
    word = " ".join(value.split())
    if not word:
        return "empty"
    if len(word) > 200:
        return ""
    lower = word.lower()
    if lower.strip("[]<>(){}") in _STAND_INS or lower.startswith(_STARTS):
        return f"“{word[:40]}”"
    found = next(placeholders(word), "")
    return f"“{found[:40]}”" if found else ""


def _hit(key: str, value: CustomValue, why: str, steps: list[Step]) -> Hit:
    verb = "uses" if len(steps) == 1 else "use"
    state = "is empty" if why == "empty" else f"still says {why}"
    return Hit(
        steps,
        f"{names(steps)} {verb} the custom value “{value.name or key}”, which {state} in the "
        "account.",
        param=key,
        anchored=False,
    )
