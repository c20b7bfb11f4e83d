"""Failed checks run once more, with the reference in the place of a part of a student's program.

It tells whose mistake a failure is: the part's, if the check then passes. What such a run returns,
prints or raises is nobody's to see, because the student's code could make the reference's text out
of it: which checks passed, and which known mistake the rest makes, is all that leaves this module.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from grader.checks.collection import Check
from grader.checks.course_checks import CourseChecks
from grader.course import Course, Lesson, read_text
from grader.diagnosis.known import KnownMistakes, Version
from grader.sandbox.client import Sandbox
from grader.sandbox.faults import StudentFault
from grader.sandbox.session import ProgramText, Session
from grader.submissions.imports import closure, named_imports

#: What a lesson's own reference is called where only some of its functions are needed.
_OURS: Final = "_reference"


class Retrial:
    """Runs checks again on programs that are partly ours."""

    def __init__(self, checks: CourseChecks, sandbox: Sandbox) -> None:
        self._checks = checks
        self._sandbox = sandbox
        self._programs: dict[str, ProgramText] = {}

    def with_lessons(
        self, programs: Mapping[str, ProgramText], lessons: Iterable[str]
    ) -> dict[str, ProgramText]:
        """The programs, with the reference in the place of these lessons."""
        ours = {lesson: self._ours(lesson) for lesson in lessons}
        return self._completed({**programs, **ours}, ours)

    def with_functions(
        self, programs: Mapping[str, ProgramText], lesson: Lesson, functions: Collection[str]
    ) -> dict[str, ProgramText]:
        """The programs, with the reference's functions in the place of these ones of a lesson."""
        filename, cells, notebook = programs[lesson.id]
        names = ", ".join(functions)
        patched = (filename, [*cells, f"from {_OURS} import {names}"], notebook)
        patched_ones = {**programs, lesson.id: patched, _OURS: self._ours(lesson.id)}
        return self._completed(patched_ones, [lesson.id])

    def passed(
        self, lesson: Lesson, programs: Mapping[str, ProgramText], names: Collection[str]
    ) -> frozenset[str] | None:
        """Which of these checks pass; None when the lesson cannot even be imported.

        A check that builds on another of these which does not pass is not run.
        """
        checks = self._checks[lesson.id]
        wanted = [check for check in checks.checks if check.name in names]
        foreseen = checks.calls_of(check.name for check in wanted if not check.hidden)
        passed: set[str] = set()

        def is_blocked(check: Check, _: Sequence[bytes]) -> bool:
            return any(name in names and name not in passed for name in check.builds_on)

        with Session(self._sandbox, lesson.id, programs, foreseen) as session:
            try:
                session.load()
            except StudentFault:
                return None
            for check, error in checks.run_on(session, wanted, skip=is_blocked):
                if error is None and not is_blocked(check, ()):
                    passed.add(check.name)
        return frozenset(passed)

    def matches(
        self,
        lesson: Lesson,
        programs: Mapping[str, ProgramText],
        known: KnownMistakes,
        functions: Collection[str],
    ) -> dict[str, list[Version]]:
        """The known mistakes that explain these functions; see :meth:`KnownMistakes.match`."""
        with Session(self._sandbox, lesson.id, programs) as session:
            try:
                session.load()
            except StudentFault:
                return {}
            return known.match(session, functions)

    def _completed(
        self, programs: dict[str, ProgramText], ours: Iterable[str]
    ) -> dict[str, ProgramText]:
        """The programs, and what ours among them import and the student's own do not."""
        ids = self._checks.course.lesson_ids
        imported = {name: named_imports(self._ours(name)[1][0], ids) - {name} for name in ids}
        for lesson in closure(ours, imported):
            programs.setdefault(lesson, self._ours(lesson))
        return programs

    def _ours(self, lesson: str) -> ProgramText:
        if lesson not in self._programs:
            text = stripped(self._checks.course, self._checks.course.lesson(lesson))
            self._programs[lesson] = (f"{lesson}.py", [text], False)
        return self._programs[lesson]


def stripped(course: Course, lesson: Lesson) -> str:
    """A solution as bare code: no comments, no docstrings."""
    tree = ast.parse(read_text(lesson.solution, course.shown(lesson.solution)))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)
