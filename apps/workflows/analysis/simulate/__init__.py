"""One contact walked through a workflow: clock, facts, conditions, waits, choices."""

from apps.workflows.analysis.simulate.contact import Contact, Event
from apps.workflows.analysis.simulate.walk import ENDS, MAX_STEPS, Walked, simulate

__all__ = ["ENDS", "MAX_STEPS", "Contact", "Event", "Walked", "simulate"]
