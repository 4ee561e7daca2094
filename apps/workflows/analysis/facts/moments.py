"""What is known when a run comes to a step, and how passing a step changes it.

A moment stands for all paths to a place at once: each of its figures is the worst that any of
these paths brings along, so moments that meet are joined figure by figure.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from apps.workflows.analysis.facts import windows
from apps.workflows.analysis.facts.values import mapping
from apps.workflows.analysis.graph import Edge, EdgeKind, Kind, Step, Trait

#: How many texts back a moment remembers.
REMEMBERED = 3
#: Minutes after a contact's own act in which a message is still an answer to it.
PROMPT = 15.0
#: Waits that end because the contact did something; a condition or goal met counts as that.
_ANSWERED = frozenset(
    {"reply", "user_reply", "link", "link_clicked", "trigger_link", "email_event", "condition"}
    | {"goal"}
)
_MINUTES = {"minute": 1.0, "hour": 60.0, "day": 1440.0, "week": 10080.0, "month": 43200.0}
_DAY = 1440.0
_NEVER = math.inf
#: Sends each contact down some path, whatever the contact has done.
_BLIND = frozenset({"workflow_split"})


class Moment(NamedTuple):
    """Steps are given by index, -1 for none.

    ``texts``: the least minutes since the last, second and third last text and which text that
    was, each over all paths by itself. ``idle``: the most minutes since the contact last acted or
    a sending window held the run, and the wait that made it so, once it is more than a moment.
    On some path: ``unmessaged`` (no message yet), ``fresh`` (this first message, no wait since),
    ``unchecked`` (the most minutes since ``first_message``, a wait but no check since).
    ``left``: the fewest minutes left until an appointment (below 0: it is over) and the wait that
    says so.
    """

    texts: tuple[tuple[float, int], ...] = ((_NEVER, -1),) * REMEMBERED
    idle: float = 0.0
    idle_since: int = -1
    unmessaged: bool = True
    fresh: int = -1
    unchecked: float = -1.0
    first_message: int = -1
    left: float = _NEVER
    left_at: int = -1


START = Moment()


# -- what a step is ------------------------------------------------------------------------


def is_message(step: Step) -> bool:
    return step.enabled and step.spec.kind is Kind.MESSAGE and Trait.SENDS in step.spec.traits


def is_text(step: Step) -> bool:
    return step.spec.channel == "sms" and is_message(step)


def awaits_answer(step: Step) -> bool:
    """Whether a run stays here until the contact does something."""
    if not step.enabled:
        return False
    if step.wait is not None:
        return step.wait.type in _ANSWERED
    return Trait.WAITS_FOR_REPLY in step.spec.traits


def decides(step: Step) -> bool:
    """Whether it hangs on the contact how a run goes on from here."""
    if not step.enabled or step.wait is not None:
        return False
    if step.spec.kind is Kind.BRANCH:
        return step.type not in _BLIND
    return Trait.MULTIPATH in step.spec.traits and step.spec.kind in (Kind.STEP, Kind.AI)


def appointment_offset(step: Step) -> float | None:
    """Minutes before an appointment at which a wait ends, after it below 0; ``None``: not said.

    Source: ``appointmentStartAfter {type, value, when}`` of HighLevel's wait step.
    """
    start = mapping(step.params.get("appointmentStartAfter"))
    when = start.get("when")
    if when not in ("before", "after"):
        return None
    value, unit = start.get("value"), str(start.get("type")).strip().lower().removesuffix("s")
    try:
        minutes = float(value or 0) * _MINUTES.get(unit, 0.0)
    except (TypeError, ValueError, OverflowError):
        return None
    if not 0 <= minutes < _NEVER:
        return None
    return minutes if when == "before" else -minutes


# -- passing a step ------------------------------------------------------------------------


def behind(here: Moment, step: Step, edge: Edge) -> Moment:
    """The moment at the far end of one way out of a step."""
    if not step.enabled:
        return here
    if is_message(step):
        here = _sent(here, step)
    if awaits_answer(step):
        return _answered(here, step, edge)
    wait = step.wait
    if wait is None:
        return _checked(here) if here.unchecked >= 0 and decides(step) else here
    if edge.kind is EdgeKind.GOTO:  # taken at once where the date waited for is over
        return here
    if wait.type == "appointment":
        return _until_appointment(here, step)
    if wait.minutes is None:
        here = here._replace(texts=START.texts, idle=_NEVER, idle_since=step.index)
        return _held(_waited(here, 0.0), step)
    return _held(_later(here, wait.minutes, step), step)


def round_again(moment: Moment) -> Moment:
    """The moment at the start of another turn of a loop: the clock goes on.

    What the turn before has sent is no sequence of its own, and its appointment is not the next.
    """
    return moment._replace(
        unmessaged=False, fresh=-1, unchecked=-1.0, first_message=-1, left=_NEVER, left_at=-1
    )


def _sent(here: Moment, step: Step) -> Moment:
    texts = here.texts
    if is_text(step):
        texts = ((0.0, step.index), *texts[: REMEMBERED - 1])
    fresh = step.index if here.unmessaged and here.fresh < 0 else here.fresh
    return here._replace(texts=texts, unmessaged=False, fresh=fresh)


def _checked(here: Moment) -> Moment:
    return here._replace(unchecked=-1.0, first_message=-1)


def _answered(here: Moment, step: Step, edge: Edge) -> Moment:
    """What goes on behind an awaited answer hangs on the contact, timeout or not."""
    moment = _checked(here)._replace(texts=START.texts, fresh=-1, idle=0.0, idle_since=-1)
    late = edge.kind is EdgeKind.TIMEOUT
    if edge.kind is EdgeKind.NEXT and step.wait is not None:
        late = step.wait.has_timeout  # both ways are one
    return _held(moment._replace(idle=_NEVER, idle_since=step.index), step) if late else moment


def _until_appointment(here: Moment, step: Step) -> Moment:
    offset = appointment_offset(step)
    moment = _waited(here, 0.0)._replace(texts=START.texts, idle=0.0, idle_since=-1)
    if offset is not None and offset < moment.left:
        moment = moment._replace(left=offset, left_at=step.index)
    if offset is not None and offset % _DAY:  # whole days keep the visit's time of day
        moment = moment._replace(idle=_NEVER, idle_since=step.index)
    return _held(moment, step)


def _later(here: Moment, minutes: float, step: Step) -> Moment:
    if minutes <= 0:
        return here
    batches = step.wait is not None and step.wait.type == "drip"
    idle = _NEVER if batches else here.idle + minutes  # the last batch goes out who knows when
    return _waited(here, minutes)._replace(
        texts=tuple([(age + minutes, text) for age, text in here.texts]),
        idle=idle,
        idle_since=step.index if idle >= PROMPT else -1,
        left=here.left - minutes,
    )


def _waited(here: Moment, minutes: float) -> Moment:
    """Whoever has had a message has now waited since."""
    spans = [(here.unchecked + minutes, -here.first_message)] if here.unchecked >= 0 else []
    spans += [(minutes, -here.fresh)] if here.fresh >= 0 else []
    if not spans:
        return here
    unchecked, first = max(spans)
    return here._replace(fresh=-1, unchecked=unchecked, first_message=-first)


def _held(moment: Moment, step: Step) -> Moment:
    """The sending window of a wait has the last word on when the run goes on."""
    window = windows.of(step)
    if not windows.is_set(window):
        return moment
    if windows.night_hours(window) is None:
        return moment._replace(idle=0.0, idle_since=-1)
    return moment._replace(idle=_NEVER, idle_since=step.index)


# -- where paths meet ----------------------------------------------------------------------


def joined(one: Moment, other: Moment) -> Moment:
    """The worse of two moments, figure by figure."""
    if one == other:
        return one
    idle, since = max((one.idle, -one.idle_since), (other.idle, -other.idle_since))
    unchecked, first = max(
        (one.unchecked, -one.first_message), (other.unchecked, -other.first_message)
    )
    left, left_at = min((one.left, one.left_at), (other.left, other.left_at))
    return Moment(
        tuple(map(min, one.texts, other.texts)),
        idle,
        -since,
        one.unmessaged or other.unmessaged,
        min((n for n in (one.fresh, other.fresh) if n >= 0), default=-1),
        unchecked,
        -first,
        left,
        left_at,
    )
