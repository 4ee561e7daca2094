"""Signs that tell kinds and severities apart without colour: paths in a square of 16."""

from __future__ import annotations

from apps.workflows.analysis.findings import Severity
from apps.workflows.analysis.graph import Kind

#: Drawn as outlines.
KINDS = {
    Kind.TRIGGER: "M9 1 4 9h4l-1 6 5-8H8z",
    Kind.MESSAGE: "M1.5 3.5h13v9h-13zM1.5 4l6.5 5 6.5-5",
    Kind.NOTIFY: "M4 11V7a4 4 0 0 1 8 0v4l1.5 1.5h-11zM6.5 14h3",
    Kind.WAIT: "M8 2a6 6 0 1 0 .01 0zM8 5v3.5l2.5 1.5",
    Kind.BRANCH: "M8 15V9M8 9 3 3M8 9l5-6M3 6V3h3M10 3h3v3",
    Kind.MARKER: "M5 4l5 4-5 4",
    Kind.GOTO: "M13 3v6H3M6 6 3 9l3 3",
    Kind.GOAL: "M4 15V2h9l-3 3.5 3 3.5H4",
    Kind.WRITE: "M2 14l1-4 8-8 3 3-8 8zM9.5 3.5l3 3",
    Kind.ENROL: "M2 8h10M9 5l3 3-3 3M14 3v10",
    Kind.CALL: "M8 2a6 6 0 1 0 .01 0zM2 8h12M8 2c-4 4-4 8 0 12 4-4 4-8 0-12",
    Kind.CODE: "M5 4 1.5 8 5 12M11 4l3.5 4-3.5 4M9.5 3l-3 10",
    Kind.AI: "M8 1.5l1.8 4.7 4.7 1.8-4.7 1.8L8 14.5l-1.8-4.7L1.5 8l4.7-1.8z",
    Kind.LOOP: "M13 8a5 5 0 1 1-1.5-3.5M12 1.5v3.5H8.5",
    Kind.MERGE: "M3 2v3l5 4v5M13 2v3L8 9M6 12l2 2 2-2",
    Kind.RESPOND: "M7 4 3 8l4 4M3 8h7a4 4 0 0 1 4 4",
    Kind.SUBNODE: "M8 2l6 6-6 6-6-6z",
    Kind.ERROR: "M8 2l6.5 11.5h-13zM8 6.5v3.5M8 11.8v.4",
    Kind.STEP: "M3 3h10v10H3z",
    Kind.UNKNOWN: "M5.5 6a2.5 2.5 0 1 1 3.5 2.3c-.8.4-1 .9-1 1.7M8 12.3v.4",
}
#: What to call a kind in the legend.
WORDS = {
    Kind.TRIGGER: "Trigger",
    Kind.MESSAGE: "Message",
    Kind.NOTIFY: "Team notice",
    Kind.WAIT: "Wait",
    Kind.BRANCH: "Branch",
    Kind.MARKER: "Branch name",
    Kind.GOTO: "Go to",
    Kind.GOAL: "Goal",
    Kind.WRITE: "Record change",
    Kind.ENROL: "Other workflow",
    Kind.CALL: "Call",
    Kind.CODE: "Code",
    Kind.AI: "AI",
    Kind.LOOP: "Loop",
    Kind.MERGE: "Merge",
    Kind.RESPOND: "Response",
    Kind.SUBNODE: "Part of a step",
    Kind.ERROR: "Error handling",
    Kind.STEP: "Step",
    Kind.UNKNOWN: "Unknown step",
}
#: Filled shapes, each with the letter that stands in it.
SEVERITIES = {
    Severity.CRITICAL: ("M5 0h6l5 5v6l-5 5H5l-5-5V5z", "!"),
    Severity.HIGH: ("M8 0l8 15.5H0z", "!"),
    Severity.MEDIUM: ("M8 0l8 8-8 8-8-8z", "!"),
    Severity.LOW: ("M1 1h14v14H1z", "–"),
    Severity.INFO: ("M8 .5a7.5 7.5 0 1 0 .01 0z", "i"),
}
