"""Results as JUnit XML, which most build servers show: a suite for each student."""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as ET

from grader.reports.statuses import LOOKS
from grader.results import CheckResult, LessonResult, LessonStatus, Report, Status, StudentResult
from grader.text.wording import format_points

#: Characters that XML 1.0 cannot contain, not even escaped.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_SKIPPED: Final = (Status.NOT_ATTEMPTED, Status.SKIPPED, Status.PENDING)


def render(report: Report) -> str:
    """The report as one XML document.

    A check is a test case. A wrong answer is a failure; a program that was ended, or a lesson that
    could not be read, is an error.
    """
    top = ET.Element("testsuites", name=_text(report.course))
    for student in report.students:
        top.append(_suite(student, report))
    for name in ("tests", "failures", "errors", "skipped"):
        top.set(name, str(sum(int(suite.get(name, "0")) for suite in top)))
    ET.indent(top, " ")
    return ET.tostring(top, encoding="unicode", xml_declaration=True) + "\n"


def _suite(student: StudentResult, report: Report) -> ET.Element:
    when = _text(report.graded_at.removesuffix("Z"))
    suite = ET.Element("testsuite", name=_text(student.student), timestamp=when)
    cases = [case for lesson in student.lessons for case in _cases(lesson)]
    properties = ET.SubElement(suite, "properties")
    for key, value in (
        ("score", format_points(student.score)),
        ("max_score", format_points(student.max_score)),
        ("isolation", _text(report.isolation)),
    ):
        ET.SubElement(properties, "property", name=key, value=value)
    suite.extend(cases)
    suite.set("tests", str(len(cases)))
    for tag, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", "0")  # checks run together, so no check has a time of its own
    return suite


def _cases(lesson: LessonResult) -> list[ET.Element]:
    if lesson.status is LessonStatus.GRADED:
        return [_case(lesson.lesson, check) for check in lesson.checks]
    name = _text(lesson.lesson)
    case = ET.Element("testcase", classname=name, name=name, time="0")
    tag = "skipped" if lesson.status is LessonStatus.MISSING else "error"
    outcome = ET.SubElement(case, tag, message=_text(lesson.message or LOOKS[lesson.status].words))
    if tag == "error":
        outcome.set("type", lesson.status.value)
    return [case]


def _case(lesson: str, check: CheckResult) -> ET.Element:
    case = ET.Element("testcase", classname=_text(lesson), name=_text(check.check), time="0")
    if check.status is Status.PASSED:
        return case
    message = _text(check.message or check.title)
    if check.status in _SKIPPED:
        ET.SubElement(case, "skipped", message=message.partition("\n")[0])
        return case
    tag = "failure" if check.status is Status.FAILED else "error"
    kind = check.misconception or check.status.value
    outcome = ET.SubElement(case, tag, message=message.partition("\n")[0], type=_text(kind))
    outcome.text = message
    return case


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
