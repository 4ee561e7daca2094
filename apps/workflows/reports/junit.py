"""The run as JUnit XML: a suite per workflow, a failed case per finding."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from apps.workflows.analysis.engine import Analysis
from apps.workflows.reports.run import Run
from apps.workflows.reports.wording import clean, step_names, title, verdict

CONTENT_TYPE = "application/xml"


def render(run: Run) -> str:
    root = ET.Element("testsuites", name="Workflow Debugger")
    for file, analysis in run.analyses:
        _suite(root, file, analysis)
    for file, error in run.errors:
        suite = ET.SubElement(root, "testsuite", name=clean(file), tests="1", errors="1")
        case = ET.SubElement(suite, "testcase", name="analyse", classname=clean(file))
        ET.SubElement(case, "error", type=error.code, message=clean(error.message))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: ET.Element, file: str, analysis: Analysis) -> None:
    findings = analysis.findings
    suite = ET.SubElement(
        root,
        "testsuite",
        name=f"{clean(file)}: {title(analysis)}",
        tests=str(max(1, len(findings))),
        failures=str(len(findings)),
        errors="0",
    )
    if not findings:
        ET.SubElement(suite, "testcase", name=verdict(analysis), classname=clean(file))
    for finding in findings:
        case = ET.SubElement(
            suite,
            "testcase",
            name=f"{finding.rule_id} {finding.fingerprint}",
            classname=clean(file),
        )
        failure = ET.SubElement(
            case, "failure", type=finding.severity.value, message=clean(finding.message)
        )
        walk = " -> ".join(step_names(analysis, finding.path))
        failure.text = f"{walk}\n{clean(finding.remedy)}"
