"""Proves a course: grades answers whose marks are known in advance, and applies the rules."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from grader.checks.course_checks import open_checks
from grader.course import Course, Lesson, read_text, stubs
from grader.course.quizzes import find_quizzes
from grader.course.yaml_file import COURSE_FILE
from grader.diagnosis.handing_on import find_handed_on
from grader.diagnosis.mistake_files import read_mistakes
from grader.diagnosis.variants import read_variants
from grader.diagnosis.version_files import (
    VersionFile,
    read_accepted_versions,
    read_wrong_versions,
    replace_functions,
)
from grader.errors import CourseError
from grader.grading.graders import start_graders
from grader.grading.grading_process import load_references
from grader.results import Status
from grader.sandbox.levels import Isolation, LevelChoice
from grader.sandbox.module_names import module_name
from grader.verify import course_rules, quiz_rules
from grader.verify.answers import (
    Answer,
    AnswerGrader,
    Graded,
    Kind,
    importers,
    read_modules,
    up_to,
)
from grader.verify.choice_verification import ChoiceProof, Task, prove_choices
from grader.verify.equivalents import Change, load_equivalents
from grader.verify.false_passes import functions_in
from grader.verify.lesson_minutes import measure_work
from grader.verify.proof import LessonProof, Proof, Tally
from grader.verify.stray_files import stray_files
from grader.verify.wrong_choices import count_choices
from grader.verify.wrong_shapes import wrong_shape_versions

if TYPE_CHECKING:
    from grader.verify.mutants import Mutant

NO_LIBCST = (
    "No mutants were made, so nothing is proved about how sharp the checks are: libcst is not "
    "installed. Get it with `python3 -m pip install 'self-attention-course[verify]'`."
)


@dataclass(frozen=True, slots=True)
class _Material:
    """The answers to one lesson, and what is known of them before they are graded."""

    lesson: Lesson
    solution_text: str
    answers: tuple[Answer, ...]
    version_files: dict[str, VersionFile]  # by the name of the answer
    mutants: dict[str, Mutant]  # the same

    @property
    def functions(self) -> list[str]:
        """The functions that a student writes, in order; none if the answers are data."""
        return _functions_with_answers(self.solution_text, self.lesson.id)


class Verifier:
    """Proves the lessons of a course, one by one."""

    def __init__(self, course: Course, lessons: Sequence[Lesson]) -> None:
        """Read all files of these lessons and make their mutants. Nothing is graded yet."""
        self._course = course
        self._lessons = lessons
        self._problems: list[str] = []
        self._proofs = {lesson.id: LessonProof(lesson.id) for lesson in lessons}
        self._isolation: LevelChoice | None = None
        self._equivalents: dict[Change, str] = {}
        try:
            self._equivalents = load_equivalents(course)
        except CourseError as error:
            self._problems.append(str(error))
        self._problems.extend(stray_files(course))
        #: What wrong choices cost, by lesson; after :meth:`run`.
        self.choices: dict[str, ChoiceProof] = {}
        self._materials = [self._material(lesson) for lesson in lessons]

    @property
    def answers(self) -> int:
        """How many answers :meth:`run` grades."""
        return sum(len(material.answers) for material in self._materials)

    @property
    def choice_count(self) -> int:
        """How many wrong choices :meth:`prove_choices` tries."""
        try:
            return sum(count_choices(self._course, material.lesson) for material in self._materials)
        except CourseError:  # told when they are tried
            return 0

    def prove_choices(self, done: Callable[[int], None] = lambda count: None) -> None:
        """Try wrong choices in this process, and keep what was found in :attr:`choices`.

        Args:
            done: called with how many more are done.
        """
        tasks = [self._task(material) for material in self._materials if material.functions]
        try:
            self.choices = prove_choices(
                self._course, tasks, set(self._equivalents), partial(done, 1)
            )
        except CourseError as error:
            self._problems.extend(str(error).splitlines())
        for lesson, proof in self.choices.items():
            self._weaknesses(self._proofs[lesson]).extend(proof.problems)
            self._proofs[lesson].advice.extend(proof.advice)

    def _weaknesses(self, proof: LessonProof) -> list[str]:
        """Where to tell that checks let wrong answers pass: of an imported course, as advice."""
        return proof.advice if self._course.imported else proof.problems

    def _task(self, material: _Material) -> Task:
        lesson = material.lesson
        changes = {
            Change(lesson.id, mutant.function, mutant.change): mutant.text
            for mutant in material.mutants.values()
        }
        return Task(
            lesson,
            functions_in(material.solution_text, material.functions),
            {change: text for change, text in changes.items() if change in self._equivalents},
        )

    def run(
        self,
        *,
        jobs: int,
        wanted: Isolation | None = None,
        graded: Callable[[int], None] = lambda count: None,
    ) -> Proof:
        """Grade everything and apply the rules.

        Args:
            jobs: how many processes grade at the same time.
            wanted: the level of isolation that is asked for; the strongest one if None.
            graded: called with the number of further answers that were graded, or versions that
                were tried.

        Raises:
            SandboxError: nothing can be graded here, or not at the wanted level.
        """
        left = [material for material in self._materials if material.answers]
        while left:
            try:
                part = self._up_to_importers([material.lesson for material in left])
                with start_graders(part, jobs, wanted, for_author=True) as graders:
                    self._isolation = graders.choice
                    grader = AnswerGrader(graders)
                    while left:
                        self._prove(left[0], grader, graded)
                        del left[0]
            except CourseError as error:  # of any lesson: what imports the next one is not graded
                self._problems.extend(str(error).splitlines())
                self._prove_alone(left.pop(0), jobs, wanted, graded)
        self.prove_choices(graded)
        return Proof(tuple(self._proofs.values()), tuple(self._problems), self._isolation)

    def _prove_alone(
        self,
        material: _Material,
        jobs: int,
        wanted: Isolation | None,
        graded: Callable[[int], None],
    ) -> None:
        """Grade a lesson in a course that ends with it, whatever is wrong with later ones."""
        part = up_to(self._course, material.lesson)
        try:
            with start_graders(part, jobs, wanted, for_author=True) as graders:
                self._isolation = graders.choice
                self._prove(material, AnswerGrader(graders), graded)
        except CourseError as error:
            self._proofs[material.lesson.id].problems.extend(str(error).splitlines())

    def _prove(
        self, material: _Material, grader: AnswerGrader, graded: Callable[[int], None]
    ) -> None:
        course, lesson, proof = self._course, material.lesson, self._proofs[material.lesson.id]
        marks = grader.grade(lesson, material.answers, graded)
        self._judge(material, marks, proof)
        proof.problems.extend(course_rules.drawing_shows_something(course, lesson))
        self._weaknesses(proof).extend(course_rules.examples_hold(course, lesson))
        for outcome in marks:
            proof.problems.extend(
                course_rules.costs_nothing_later(outcome.answer.name, lesson.id, outcome.importers)
            )

    def _up_to_importers(self, lessons: Sequence[Lesson]) -> Course:
        """The course as far as these lessons, and those that import them."""
        course = self._course
        needed = {name for lesson in lessons for name in (lesson.id, *importers(course, lesson))}
        return up_to(course, [lesson for lesson in course.lessons if lesson.id in needed][-1])

    def _material(self, lesson: Lesson) -> _Material:
        """Read the lesson's files. One that cannot be read is a problem of this lesson alone."""
        course, problems = self._course, self._proofs[lesson.id].problems
        where = course.shown(lesson.solution)
        answers: list[Answer] = []
        version_files: dict[str, VersionFile] = {}
        mutants: dict[str, Mutant] = {}
        try:
            solution = read_text(lesson.solution, where)
            modules = read_modules(lesson)
            stub, stub_modules = self._stubs(lesson)
            answers.append(Answer(Kind.SOLUTION, where, solution))
            for kind, files in (
                (Kind.KNOWN_WRONG, read_wrong_versions(course, lesson)),
                (Kind.ACCEPTED, read_accepted_versions(course, lesson)),
            ):
                for file in files:
                    name = course.shown(file.path)
                    version_files[name] = file
                    answers.append(Answer(kind, name, replace_functions(solution, file.text)))
        except CourseError as error:
            problems.extend(str(error).splitlines())
            return _Material(lesson, "", (), {}, {})
        if stub is not None:
            answers.append(Answer(Kind.STUB, course.shown(lesson.stub), stub, stub_modules))
        self._judge_hints(lesson, solution)
        work = measure_work([solution, *modules.values()], where=where)
        self._proofs[lesson.id].advice.extend(course_rules.time_is_enough(lesson, work))
        for quiz in find_quizzes(solution, where=where):
            self._proofs[lesson.id].advice.extend(quiz_rules.length_tells_nothing(where, quiz))
            self._proofs[lesson.id].advice.extend(quiz_rules.position_tells_nothing(where, quiz))
        functions = _functions_with_answers(solution, where)
        answers += [
            Answer(Kind.WRONG_SHAPE, change, text)
            for change, text in wrong_shape_versions(solution, functions)
        ] * bool(functions)
        for mutant in self._mutants(lesson, solution, modules):
            place = course.shown(lesson.modules[mutant.module]) if mutant.module else where
            name = f"{place}:{mutant.line}: {mutant.change} ({mutant.function})"
            mutants[name] = mutant
            changed = {**modules, mutant.module: mutant.text} if mutant.module else modules
            text = solution if mutant.module else mutant.text
            answers.append(Answer(Kind.MUTANT, name, text, changed))
        return _Material(lesson, solution, tuple(answers), version_files, mutants)

    def _judge_hints(self, lesson: Lesson, solution: str) -> None:
        """Apply the rules on hints."""
        course, proof = self._course, self._proofs[lesson.id]
        functions = _functions_with_answers(solution, course.shown(lesson.solution))
        in_modules = [
            name
            for path, text in read_modules(lesson).items()
            for function in _functions_with_answers(text, course.shown(lesson.modules[path]))
            for name in (function, f"{module_name(path)}.{function}")  # as a check may call it
        ]
        names = [*functions, *in_modules]
        proof.problems.extend(course_rules.hints_are_for_something(lesson, names))
        proof.advice.extend(course_rules.hints_are_there(lesson, functions))
        try:
            mistakes = read_mistakes(course, lesson)
            variants = read_variants(course, lesson, load_references(up_to(course, lesson)))
        except CourseError as error:
            proof.problems.extend(str(error).splitlines())
            return
        hints = [
            (f"{COURSE_FILE}: {lesson.id}: hint {number} for `{name}`", hint)
            for name, steps in lesson.hints.items()
            for number, hint in enumerate(steps, start=1)
        ]
        hints += [
            (f"{course.shown(mistake.files[0].path)}: hint {number}", hint)
            for mistake in mistakes
            for number, hint in enumerate(mistake.hints, start=1)
        ]
        hints += (
            [
                (f"{variants.where}: {mistake.id}: hint {number}", hint)
                for mistake in variants.mistakes.values()
                if mistake not in mistakes
                for number, hint in enumerate(mistake.hints, start=1)
            ]
            if variants is not None
            else []
        )
        problems = list(
            course_rules.hints_leave_a_step(hints, solution, course.shown(lesson.solution))
        )
        proof.hints = Tally(len(hints) - len(problems), len(hints))
        proof.problems.extend(problems)

    def _stubs(self, lesson: Lesson) -> tuple[str | None, dict[str, str]]:
        """The stub, and those of the lesson's further modules.

        If they are not what `grader build` makes, that is a problem, and the stub is None.
        """
        course = self._course
        made, modules = stubs.stub_of(course, lesson), stubs.module_stubs(course, lesson)
        files = {lesson.stub: made}
        files |= {lesson.stub.parent / name: stub for name, stub in modules.items()}
        stale = [path for path, stub in files.items() if stubs.differs(path, stub)]
        self._proofs[lesson.id].problems.extend(
            f"{course.shown(path)}: is out of step with its solution; run `grader build` and "
            "commit it"
            for path in stale
        )
        return (None if stale else made), modules

    def _mutants(
        self, lesson: Lesson, solution: str, modules: Mapping[str, str]
    ) -> Iterator[Mutant]:
        """The mutants of a lesson and of its further modules."""
        try:
            from grader.verify.mutants import mutants  # noqa: PLC0415 - needs an extra package
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != "libcst":
                raise
            if NO_LIBCST not in self._problems:
                self._problems.append(NO_LIBCST)
            return
        written = {(lesson.answers_in, question.id) for question in lesson.written}
        yield from mutants(solution, where=self._course.shown(lesson.solution), written=written)
        for module, text in modules.items():
            where = self._course.shown(lesson.modules[module])
            for mutant in mutants(text, where=where):
                yield replace(mutant, module=module)

    def _look_at_checks(self, lesson: Lesson) -> tuple[set[str], list[tuple[str, str]]]:
        """The names of the checks that students have, and what is handed on to pass a check."""
        part = up_to(self._course, lesson)
        with open_checks(part, load_references(part)) as checks:
            visible = {check.name for check in checks[lesson.id].checks if not check.hidden}
            return visible, list(find_handed_on(checks, lesson))

    def _judge(self, material: _Material, marks: Sequence[Graded], proof: LessonProof) -> None:
        """Apply the rules to the marks of the lesson's answers."""
        course, lesson = self._course, material.lesson
        visible, handed_on = self._look_at_checks(lesson)
        by_kind = {
            kind: [outcome for outcome in marks if outcome.answer.kind is kind] for kind in Kind
        }
        where = " or ".join(course.shown(path) for path in lesson.check_files)
        broken_rules = list(course_rules.nothing_breaks(where, marks))
        weak: list[str] = []
        proof.stub = False
        for outcome in by_kind[Kind.STUB]:
            problems = list(course_rules.stub_is_untouched(outcome.answer.name, outcome))
            proof.stub = not problems
            weak += problems
        for outcome in by_kind[Kind.SOLUTION]:
            proof.solution = Tally.count(
                check.status in {Status.PASSED, Status.PENDING} for check in outcome.result.checks
            )
            broken_rules += course_rules.earns_every_point(
                outcome.answer.name, outcome, "mend the one or the other"
            )
        for outcome in (*by_kind[Kind.KNOWN_WRONG], *by_kind[Kind.ACCEPTED]):
            file = material.version_files[outcome.answer.name]
            broken_rules += course_rules.replaces_something(
                outcome.answer.name, file, material.solution_text
            )
        probes = course.shown(lesson.probes)
        for outcome in by_kind[Kind.KNOWN_WRONG]:
            broken_rules += course_rules.loses_points(outcome.answer.name, outcome)
            mistake = material.version_files[outcome.answer.name].mistake
            broken_rules += course_rules.is_named(outcome.answer.name, outcome, mistake, probes)
            broken_rules += course_rules.every_failure_is_named(
                outcome.answer.name, outcome, probes
            )
        proof.noticed = Tally.count(outcome.is_noticed for outcome in by_kind[Kind.KNOWN_WRONG])
        unforeseen = [
            [*course_rules.little_is_unforeseen(outcome.answer.name, lesson, outcome, visible)]
            for outcome in by_kind[Kind.KNOWN_WRONG]
        ]
        proof.advice.extend(line for lines in unforeseen for line in lines)
        proof.foreseen = Tally.count(not lines for lines in unforeseen)
        proof.named = Tally.count(
            outcome.names == {material.version_files[outcome.answer.name].mistake}
            for outcome in by_kind[Kind.KNOWN_WRONG]
        )
        for outcome in by_kind[Kind.ACCEPTED]:
            broken_rules += course_rules.earns_every_point(
                outcome.answer.name, outcome, "mend the check"
            )
        proof.accepted = Tally.count(outcome.is_full for outcome in by_kind[Kind.ACCEPTED])
        if material.functions:
            where_accepted = course.shown(lesson.accepted)
            proof.advice.extend(course_rules.enough_accepted(where_accepted, proof.accepted.all))
        weak += course_rules.refuses_wrong_shapes(where, by_kind[Kind.WRONG_SHAPE])
        if material.mutants:
            self._judge_mutants(material, by_kind[Kind.MUTANT], proof)
            wrong = [*by_kind[Kind.KNOWN_WRONG], *by_kind[Kind.MUTANT]]
            weak += course_rules.every_check_can_fail(where, wrong)
        weak += course_rules.asks_for_own_work(where, handed_on)
        self._weaknesses(proof)[:0] = weak
        proof.problems[:0] = broken_rules

    def _judge_mutants(
        self, material: _Material, graded: Sequence[Graded], proof: LessonProof
    ) -> None:
        lesson = material.lesson
        changes = {
            name: Change(lesson.id, mutant.function, mutant.change)
            for name, mutant in material.mutants.items()
        }
        wrong = [
            outcome for outcome in graded if changes[outcome.answer.name] not in self._equivalents
        ]
        proof.mutants = Tally.count(outcome.is_noticed for outcome in wrong)
        proof.equivalent = len(graded) - len(wrong)
        self._weaknesses(proof).extend(
            course_rules.survivors(
                self._course.shown(lesson.solution),
                lesson,
                material.mutants,
                graded,
                self._equivalents,
            )
        )


def _functions_with_answers(solution_text: str, where: str) -> list[str]:
    """The functions that a student writes, in order, each once."""
    tree = ast.parse(solution_text)
    regions = stubs.answer_regions(solution_text, where=where)
    written = [function for region in regions for function in stubs.functions_of(region, tree)]
    return list(dict.fromkeys(function.name for function in written))
