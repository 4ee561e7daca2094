"""Whether a condition holds for what is known: yes, no, or cannot be decided (``None``)."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable
from typing import Any

from apps.workflows.analysis.facts.conditions import Branch, Clause, Test
from apps.workflows.analysis.facts.watching import bare
from apps.workflows.analysis.graph import HIGHLEVEL, NODE_RED
from apps.workflows.analysis.simulate.clock import Time, moment
from apps.workflows.analysis.simulate.contact import UNKNOWN, Contact

Verdict = bool | None

#: ``{{ $json.a.b }}``, ``{{ $('Form').item.json["a"] }}``: one value read from an earlier step.
_READ = re.compile(
    r"=?\s*\{\{\s*(?:\$json|\$\(.{1,80}?\)\.(?:item|first\(\)|last\(\))\.json|\$node\[.{1,80}?\]\.json)"
    r"((?:\??\.[A-Za-z_]\w*|\[\s*['\"][^'\"\]]{1,80}['\"]\s*\])+)\s*\}\}\s*"
)
#: ``{{4.status.name}}``: Make reads the module with this number.
_READ_MAKE = re.compile(r"\s*\{\{\s*`?\d{1,9}`?((?:\.[A-Za-z_]\w*)+)\s*\}\}\s*")
#: ``payload.city``: a property of Node-RED's message.
_READ_RED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_PART = re.compile(r"\.([A-Za-z_]\w*)|\[\s*['\"]([^'\"\]]+)['\"]\s*\]")
#: ``{{contact.first_name}}``
_MERGE = re.compile(r"\s*\{\{\s*contact\.([\w.]{1,80})\s*\}\}\s*")
_CONTACT = frozenset({"contact", "contact_detail", "contact_details", "custom_field", ""})
_OPPORTUNITY = frozenset({"opportunity", "opportunities", "pipeline", "pipelines"})
_NEGATIVE = {"is not": "is", "none of": "one of", "lacks": "contains", "missing": "exists"}


class Judge:
    """Decides for one contact at one moment."""

    def __init__(self, contact: Contact, platform: str, at: Time, zone: datetime.tzinfo) -> None:
        self.contact, self.platform, self.at, self.zone = contact, platform, at, zone
        #: What the last decision could not be made without.
        self.lacking = ""

    def branch(self, branch: Branch) -> Verdict:
        """Some clause has to hold; a branch without clauses could not be read."""
        if not branch.clauses:
            return None
        return _any(self._clause(clause) for clause in branch.clauses)

    def _clause(self, clause: Clause) -> Verdict:
        return _all(self.test(test) for test in clause)

    def test(self, test: Test) -> Verdict:
        found = self._value(test)
        if found is UNKNOWN:
            self.lacking = self.lacking or test.field[:80]
            return None
        positive = _NEGATIVE.get(test.operator)
        if positive is not None:
            verdict = self._holds(found, positive, test)
            return None if verdict is None else not verdict
        return self._holds(found, test.operator, test)

    # -- what the test is about ------------------------------------------------------------

    def _value(self, test: Test) -> Any:
        if test.is_literal:
            return test.field
        if self.platform == HIGHLEVEL:
            return self._of_contact(test)
        if self.platform == NODE_RED:
            whole = len(test.field) < 500 and _READ_RED.fullmatch(test.field)
            return self._found(test.field.split(".")) if whole else UNKNOWN
        return self.read(test.field)

    def _of_contact(self, test: Test) -> Any:
        kind, _, about = test.field.partition(".")
        kind, about = (kind.lower(), about) if about else ("", kind)
        if kind in _OPPORTUNITY and self.contact.opportunity is not None:
            known = {bare(name): value for name, value in self.contact.opportunity.items()}
            return known.get(bare(about.rpartition(".")[2]), UNKNOWN)
        if kind not in _CONTACT:
            return UNKNOWN
        if bare(about) in ("tags", "tag", "contacttags"):
            return sorted(self.contact.tags)
        return self.contact.local(about)  # a field the contact has no value for is blank

    def read(self, written: str) -> Any:
        """What an expression reads, where it reads one value that the facts have."""
        if len(written) > 500:
            return UNKNOWN
        match = _READ.fullmatch(written) or _READ_MAKE.fullmatch(written)
        if match is None:
            return written if not written.startswith("=") and "{{" not in written else UNKNOWN
        return self._found([dotted or quoted for dotted, quoted in _PART.findall(match[1])])

    def _found(self, parts: list[str]) -> Any:
        """A field by its whole path, else by as much of its end as the facts know."""
        for start in range(len(parts)):
            name = bare(".".join(parts[start:]))
            if name in self.contact.fields:
                return self.contact.fields[name]
        return sorted(self.contact.tags) if parts[-1] == "tags" else UNKNOWN

    def filled(self, value: str) -> Any:
        """A value to compare with or to write; ``UNKNOWN`` when only a run knows it."""
        merged = _MERGE.fullmatch(value) if len(value) < 200 else None
        if merged is not None:
            return self.contact.local(merged[1]) or ""
        return self.read(value)

    # -- comparing -------------------------------------------------------------------------

    def _holds(self, found: Any, operator: str, test: Test) -> Verdict:
        items = found if isinstance(found, list) else [found]
        blank = all(item is None or str(item).strip() == "" for item in items)
        if operator in ("filled", "exists"):
            return not blank
        if operator == "blank":
            return blank
        wanted = [self.filled(value) for value in test.values]
        if any(value is UNKNOWN for value in wanted):
            self.lacking = self.lacking or test.values[0][:80]
            return None
        if blank:
            return operator == "is" and all(str(value) == "" for value in wanted)
        if isinstance(found, list) and operator == "contains":
            operator = "is"  # a list contains what one of its items is
        return _any(
            self._compare(item, operator, value, test.type) for item in items for value in wanted
        )

    def _compare(self, found: Any, operator: str, wanted: Any, kind: str) -> Verdict:
        word, other = self._word(found), self._word(wanted)
        if operator in ("is", "one of"):
            return word == other or self._same(found, wanted)
        if operator == "contains":
            return other in word
        if operator == "starts with":
            return word.startswith(other)
        if operator == "ends with":
            return word.endswith(other)
        pair = self._pair(found, wanted, kind)
        if pair is None:
            return None
        one, two = pair
        return {
            "above": one > two, "at least": one >= two, "below": one < two, "at most": one <= two,
        }.get(operator)  # fmt: skip

    def _word(self, value: Any) -> str:
        word = str(value).lower() if isinstance(value, bool) else str(value).strip()
        return word.lower() if self.platform == HIGHLEVEL else word

    def _same(self, found: Any, wanted: Any) -> bool:
        one, two = _number(found), _number(wanted)
        return one is not None and one == two

    def _pair(self, found: Any, wanted: Any, kind: str) -> tuple[float, float] | None:
        """Both as numbers, or both as moments."""
        one, two = _number(found), _number(wanted)
        if one is None or two is None or kind == "date":
            first, second = (moment(each, self.zone) for each in (found, wanted))
            if first is not None and second is not None:
                return first.timestamp(), second.timestamp()
        return (one, two) if one is not None and two is not None else None


def _number(value: Any) -> float | None:
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _any(verdicts: Iterable[Verdict]) -> Verdict:
    found = list(verdicts)
    if any(verdict is True for verdict in found):
        return True
    return None if None in found else False


def _all(verdicts: Iterable[Verdict]) -> Verdict:
    found = list(verdicts)
    if any(verdict is False for verdict in found):
        return False
    return None if None in found else True
