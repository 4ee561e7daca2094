"""What templates write in a way of their own: names, numbers, scores, moments."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from apps.workflows.analysis.scoring import grade
from apps.workflows.platforms import LABELS
from apps.workflows.reports.wording import clean

register = template.Library()
_CODE = re.compile(r"`([^`]+)`")

#: Grade -> the tone it is shown in, beside its name.
TONES = {
    "Excellent": "good",
    "Good": "good",
    "Needs Attention": "medium",
    "High Risk": "high",
    "Critical": "critical",
}


@register.filter
def short(text: Any, most: int = 120) -> str:
    """A name from a file as it may be shown: one line, nothing that turns the text, not endless."""
    return clean(str(text or ""), most)


@register.filter
def platform(name: str) -> str:
    return LABELS.get(name, name)


@register.filter
def words(name: str) -> str:
    """A name of the wire as a person says it."""
    return name.replace("_", " ").replace("-", " ")


@register.filter
def tone(grade_name: str | None) -> str:
    return TONES.get(grade_name or "", "info")


@register.filter
def tone_of(score: int | None) -> str:
    return "info" if score is None else TONES[grade(score)]


@register.filter
def points(value: float) -> str:
    return f"{value:g}"


@register.filter
def signed(value: float) -> str:
    """With its sign, and a minus that is one."""
    return f"{value:+g}".replace("-", "−")


@register.filter
def minus(value: int) -> int:
    """A loss without its sign, for a sentence that says so."""
    return abs(value)


@register.filter
def percent(share: float) -> str:
    return f"{share * 100:.0f} %"


@register.filter
def when(moment: datetime.datetime | None) -> SafeString | str:
    """A moment for a person, exact for programs."""
    if moment is None:
        return "—"
    here = moment.astimezone(datetime.UTC)
    iso = here.isoformat(timespec="seconds").replace("+00:00", "Z")
    shape = "%-d %b, %H:%M" if here.year == timezone.now().year else "%-d %b %Y, %H:%M"
    return format_html('<time datetime="{}">{} UTC</time>', iso, here.strftime(shape))


@register.filter
def prose(text: str) -> SafeString:
    """Text of ours in paragraphs, with `code`."""
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    return format_html_join(
        "",
        "<p>{}</p>",
        ((mark_safe(_CODE.sub(r"<code>\1</code>", escape(each))),) for each in paragraphs),  # noqa: S308
    )


@register.filter
def plural(number: int, noun: str) -> str:
    """``3 steps``; write an irregular plural as ``analysis,analyses``."""
    one, _, many = noun.partition(",")
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@register.inclusion_tag("parts/dial.html")
def dial(score: int | None, grade_name: str | None) -> dict[str, Any]:
    # A ring of 75 hundredths: the gap below is where the grade stands.
    length = 0 if score is None else round(75 * score / 100, 1)
    return {"score": score, "grade": grade_name, "tone": tone(grade_name), "length": length}


@register.inclusion_tag("parts/spark.html")
def spark(scores: Sequence[int | None], name: str = "Score over time") -> dict[str, Any]:
    """A line of scores, oldest first; nothing for less than two."""
    known = [score for score in scores if score is not None]
    if len(known) < 2:
        return {"line": ""}
    step = 100 / (len(known) - 1)
    spots = [f"{index * step:.1f},{30 - score * 0.28:.1f}" for index, score in enumerate(known)]
    return {
        "line": " ".join(spots),
        "last": spots[-1].split(","),
        "label": f"{name}: from {known[0]} to {known[-1]} in {len(known)} analyses",
    }


@register.inclusion_tag("parts/bar.html")
def bar(value: float, most: float = 100) -> dict[str, Any]:
    """A bar of ``value`` out of ``most``; the number itself must stand beside it."""
    return {"width": f"{min(100.0, 100 * value / most) if most else 0:.1f}"}


@register.simple_tag(takes_context=True)
def with_page(context: dict[str, Any], number: int) -> str:
    """This address with another page number."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
