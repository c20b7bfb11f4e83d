"""The course as data: ``course.yaml`` becomes a :class:`Course` of :class:`Lesson` records.

Reading goes in three steps: YAML to plain values, plain values to records (both in
:mod:`grader.course.yaml_file`), records to a course that makes sense (:func:`_contradictions`). A
step reports all that it finds; the next one starts only when nothing was found.
"""

from __future__ import annotations

import keyword
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final, Self

import msgspec

from grader.course.order import order_problems
from grader.course.yaml_file import COURSE_FILE, complaint, convert, known_ones, plain_values, show
from grader.errors import CourseError
from grader.results.feedback import Feedback
from grader.results.late import Late
from grader.sandbox.levels import SandboxLimits

HINT_STEPS: Final = 3  # a question, the place to look, almost the code

_Text = Annotated[str, msgspec.Meta(min_length=1)]


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a student's code may use up. The unit is part of each name; KiB and MiB are binary."""

    cpu_seconds_per_call: float = 2.0
    wall_seconds_per_call: float = 8.0
    seconds_per_lesson: float = 10.0
    memory_mib: int = 1024
    output_kib: int = 64
    file_kib: int = 1024


class Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question whose answer is a text that a person marks."""

    id: _Text
    title: _Text
    points: float


class _LessonEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry below ``lessons:``."""

    id: _Text
    title: _Text
    points: float
    requires: tuple[str, ...] = ()
    hints: Mapping[str, Any] = {}  # what :class:`Lesson` says, once there are no contradictions
    written: tuple[Any, ...] = ()
    answers_in: str = "EXPLANATIONS"


class Lesson(_LessonEntry, frozen=True, kw_only=True):
    """One lesson: an entry of course.yaml, and where its files live. All paths are absolute.

    ``hints`` has three steps for each function (or question); ``written`` is what a person
    marks, and the answers stand in the lesson's dict called ``answers_in``.
    """

    root: Path
    released: bool = False  # a student's copy: no solution, no hidden checks
    hints: Mapping[str, Sequence[str]] = {}
    written: tuple[Written, ...] = ()

    def __hash__(self) -> int:
        return hash((self.root, self.id))  # a mapping has no hash

    @property
    def solution(self) -> Path:
        """The reference lesson, the only hand-written source of its text."""
        return self.root / "solutions" / f"{self.id}.py"

    @property
    def stub(self) -> Path:
        """What the student starts from: the solution with the answers taken out."""
        return self.root / "exercises" / f"{self.id}.py"

    @property
    def original(self) -> Path:
        """In a student's copy of the course, the stub as it was released."""
        return self.root / "originals" / f"{self.id}.py"

    @property
    def reference(self) -> Path:
        """What tells the functions' parameters, and all else that a student's copy may know."""
        return self.original if self.released else self.solution

    @property
    def drawing(self) -> Path:
        """How to draw what the student's functions return; the file need not exist."""
        return self.root / "tests" / "lessons" / "drawings" / f"{self.id}.py"

    @property
    def visible_checks(self) -> Path:
        """Checks that students get too; the file need not exist."""
        return self.root / "tests" / "lessons" / "visible" / f"test_{self.id}.py"

    @property
    def hidden_checks(self) -> Path:
        """Checks that only the grader sees; the file need not exist."""
        return self.root / "tests" / "lessons" / "hidden" / f"test_{self.id}.py"

    @property
    def misconceptions(self) -> Path:
        """The folder of known-wrong versions; it need not exist."""
        return self.root / "tests" / "lessons" / "misconceptions" / self.id

    @property
    def accepted(self) -> Path:
        """The folder of right but unusual versions; it need not exist."""
        return self.root / "tests" / "lessons" / "accepted" / self.id

    @property
    def probes(self) -> Path:
        """Calls that tell the known-wrong versions apart; the file need not exist."""
        return self.root / "tests" / "lessons" / "probes" / f"{self.id}.py"

    @property
    def sealed_mistakes(self) -> Path:
        """In a student's copy of the course, the known mistakes; the file need not exist."""
        return self.root / "tests" / "lessons" / "known_mistakes" / f"{self.id}.json"

    @property
    def check_files(self) -> tuple[Path, ...]:
        """The check files that exist, visible ones first."""
        return tuple(path for path in (self.visible_checks, self.hidden_checks) if _is_file(path))


class Show(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `grader show` draws: a sentence if none is given, and words that mean alike."""

    sentence: _Text = "The quick brown fox jumps over the lazy dog."
    alike: tuple[tuple[_Text, ...], ...] = ()


class _CourseFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """course.yaml as a whole; its parts are converted one by one, so that each can complain."""

    id: _Text
    title: _Text
    lessons: tuple[Any, ...]
    packages: tuple[str, ...] = ()
    feedback: Feedback = Feedback.FULL
    limits: Any = {}  # msgspec copies an empty default
    late: Any = None
    show: Any = {}
    released: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """A course that holds together: every lesson has a solution and at least one check file.

    A *released* one is what students get: it has no solutions and no hidden checks.
    """

    root: Path  # absolute; the folder that holds course.yaml
    id: str
    title: str
    packages: tuple[str, ...]  # what student code may import beside the standard library
    limits: Limits
    lessons: tuple[Lesson, ...]  # in teaching order: a lesson requires only earlier ones
    feedback: Feedback = Feedback.FULL  # what students are shown of their results
    late: Late | None = None  # what handing in late costs
    show: Show = field(default_factory=Show)
    released: bool = False

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the course in `folder`. Raises CourseError with one line per problem."""
        root = folder.resolve()
        problems: list[str] = []
        top = convert(
            plain_values(read_text(root / COURSE_FILE, COURSE_FILE)), _CourseFile, "", problems
        )
        if top is None:
            raise CourseError("\n".join(problems))
        limits = convert(top.limits, Limits, "limits", problems)
        late = None if top.late is None else convert(top.late, Late, "late", problems)
        show = convert(top.show, Show, "show", problems)
        lessons = tuple(
            msgspec.structs.replace(lesson, released=top.released)
            for i, entry in enumerate(top.lessons)
            if (lesson := _lesson(entry, _lesson_at(i, entry), root, problems))
        )
        if limits is None or show is None or problems:
            raise CourseError("\n".join(problems))
        course = cls(
            root, top.id, top.title, top.packages, limits, lessons, top.feedback, late,
            show, top.released,
        )  # fmt: skip
        if problems := list(_contradictions(course)):
            raise CourseError("\n".join(problems))
        return course

    def shown(self, path: Path) -> str:
        """A path of the course as people read it: from the course's folder."""
        return path.relative_to(self.root).as_posix()

    @property
    def lesson_ids(self) -> tuple[str, ...]:
        """The ids of all lessons, in teaching order."""
        return tuple(lesson.id for lesson in self.lessons)

    def must_be_whole(self) -> None:
        """Raises CourseError when this is a students' copy, without solutions or hidden checks."""
        if self.released:
            raise CourseError(
                f"{self.root} is the students' copy of a course, without solutions and hidden "
                "checks. Do this with the course itself: `grader --course DIR …`."
            )

    def with_required(self, lesson: Lesson) -> tuple[Lesson, ...]:
        """A lesson and all that it builds on, in teaching order."""
        wanted = {lesson.id}
        for other in reversed(self.lessons):
            if other.id in wanted:
                wanted.update(other.requires)
        return tuple(other for other in self.lessons if other.id in wanted)

    def lesson(self, lesson_id: str) -> Lesson:
        """The lesson of that id. Raises CourseError, naming those that there are."""
        lessons = {lesson.id: lesson for lesson in self.lessons}
        if lesson_id not in lessons:
            known = known_ones(lesson_id, lessons, "lessons")
            raise CourseError(f"no lesson is called `{lesson_id}`{known}")
        return lessons[lesson_id]


def find_course(start: Path) -> Path:
    """The nearest folder from `start` upwards with a course.yaml. Raises CourseError if none."""
    for folder in (start.resolve(), *start.resolve().parents):
        if _is_file(folder / COURSE_FILE):
            return folder
    raise CourseError(
        f"no course is here: neither {start.resolve()} nor a folder above it holds a "
        f"{COURSE_FILE}.\n"
        "Go to the folder of your course, or name it: `grader --course DIR …`."
    )


def read_text(path: Path, shown: str) -> str:
    """The text of one of the course's files, lines ending in a plain newline.

    Raises CourseError, calling the file `shown`, when it cannot be read or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CourseError(f"{shown}: cannot be read ({error.strerror}): {path}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CourseError(f"{shown}: line {line}: is not UTF-8; save the file as UTF-8") from None


def _lesson(entry: object, at: str, root: Path, problems: list[str]) -> Lesson | None:
    """An entry below ``lessons:`` as a record, or None and at least one more problem."""
    lesson = convert(entry, _LessonEntry, at, problems)
    if lesson is None:
        return None
    questions = (
        convert(question, Written, f"{at}.written[{i}]", problems)
        for i, question in enumerate(lesson.written)
    )
    written = tuple(question for question in questions if question is not None)
    return Lesson(**msgspec.structs.asdict(lesson) | {"root": root, "written": written})


def _contradictions(course: Course) -> Iterator[str]:
    """Everything that has the right keys and types and is still wrong."""
    for i, name in enumerate(course.packages):
        if not name.isidentifier():
            yield complaint(
                f"packages[{i}]", f"must be what stands after `import`, is {show(name)}"
            )
    for name, value in msgspec.structs.asdict(course.limits).items():
        yield from _not_positive(f"limits.{name}", value)
    cpu, wall = course.limits.cpu_seconds_per_call, course.limits.wall_seconds_per_call
    if wall < cpu:
        why = f"must be at least cpu_seconds_per_call ({show(cpu)}), is {show(wall)}"
        yield complaint("limits.wall_seconds_per_call", why)
    if course.late is not None:
        yield from _late_problems(course.late)
    if not course.lessons:
        yield complaint("lessons", "must hold at least one lesson (`- id: …`), is empty")
    for i, lesson in enumerate(course.lessons):
        yield from _lesson_problems(course, i, lesson)
    yield from order_problems(course.lessons, _lesson_at)
    yield from _written_problems(course.lessons)


def _late_problems(late: Late) -> Iterator[str]:
    yield from _not_positive("late.percent_per_day", late.percent_per_day)
    yield from _not_positive("late.cap_percent", late.cap_percent)
    if late.cap_percent > 100:
        yield complaint("late.cap_percent", f"must be at most 100, is {show(late.cap_percent)}")
    if not 0 <= late.grace_minutes < math.inf:
        yield complaint("late.grace_minutes", f"must be 0 or more, is {show(late.grace_minutes)}")
    for student, days in late.extensions.items():
        if not 0 <= days < math.inf:
            yield complaint(f"late.extensions.{student}", f"must be days, is {show(days)}")
    if late.due is not None and late.due.tzinfo is None:
        yield complaint(
            "late.due", "needs its time zone, as in 2026-12-01T23:59:00+01:00 (Z is UTC)"
        )


def _lesson_problems(course: Course, i: int, lesson: Lesson) -> Iterator[str]:
    at = _lesson_at(i, lesson)
    yield from _not_positive(f"{at}.points", lesson.points)
    yield from _hint_problems(at, lesson.hints)
    # A wrong id is not looked up on disk: its paths would mean nothing.
    first = next(j for j, other in enumerate(course.lessons) if other.id == lesson.id)
    if first < i:
        yield complaint(
            f"{at}.id", f"is also the id of lessons[{first}]; each lesson needs its own"
        )
    elif problem := _bad_module_name(lesson.id, course.packages):
        yield complaint(f"{at}.id", problem)
    else:
        hidden, visible = course.shown(lesson.hidden_checks), course.shown(lesson.visible_checks)
        if not _is_file(lesson.reference):
            what = "original" if course.released else "solution"
            yield complaint(at, f"has no {what}; expected at {course.shown(lesson.reference)}")
        if not lesson.check_files:
            yield complaint(at, f"has no checks; expected at {hidden} or {visible}")


def _hint_problems(at: str, hints: Mapping[str, object]) -> Iterator[str]:
    for name, steps in hints.items():
        place = f"{at}.hints.{name}"
        if not isinstance(steps, list) or len(steps) != HINT_STEPS:
            what = f"a list of {len(steps)}" if isinstance(steps, list) else show(steps)
            yield complaint(
                place,
                f"must be a list of {HINT_STEPS} texts, from a question to almost the code; "
                f"is {what}",
            )
            continue
        for i, step in enumerate(steps):
            if not isinstance(step, str) or not step.strip():
                yield complaint(f"{place}[{i}]", f"must be text, is {show(step)}")


def _written_problems(lessons: tuple[Lesson, ...]) -> Iterator[str]:
    """A written question is marked by its id alone, so that must be one of a kind."""
    places: dict[str, str] = {}
    for i, lesson in enumerate(lessons):
        at = _lesson_at(i, lesson)
        if not lesson.answers_in.isidentifier():
            why = f"must be a Python name, is {show(lesson.answers_in)}"
            yield complaint(f"{at}.answers_in", why)
        for j, question in enumerate(lesson.written):
            place = f"{at}.written[{j}]"
            yield from _not_positive(f"{place}.points", question.points)
            if question.id in places:
                why = f"is also the id of {places[question.id]}; each question needs its own"
                yield complaint(f"{place}.id", why)
            places.setdefault(question.id, place)


def _bad_module_name(name: str, packages: tuple[str, ...]) -> str | None:
    """Why no lesson can be called that: its file is imported by later lessons."""
    if not name.isidentifier() or keyword.iskeyword(name):
        return f"must be a Python name (letters, digits, `_`) and no keyword, is {show(name)}"
    hidden = "module of Python itself" if name in sys.stdlib_module_names else "listed package"
    if name in sys.stdlib_module_names or name in packages:
        return f"would hide the {hidden} `{name}`; choose another name"
    return None


def _lesson_at(i: int, entry: object) -> str:
    """The path of a lesson, with its id (if there is one) for people who do not count from 0."""
    name = entry.get("id") if isinstance(entry, dict) else getattr(entry, "id", None)
    return f"lessons[{i}] ({name})" if isinstance(name, str) and name else f"lessons[{i}]"


def _not_positive(place: str, value: float) -> Iterator[str]:
    if isinstance(value, float) and not math.isfinite(value):
        yield complaint(place, f"must be a finite number, is {value}")
    elif value <= 0:
        yield complaint(place, f"must be greater than 0, is {show(value)}")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long for the file system, a folder that may not be entered
        return False


_MIB = 1024 * 1024


def sandbox_limits(course: Course) -> SandboxLimits:
    """The limits of every call and lesson."""
    limits = course.limits
    return SandboxLimits(
        cpu_seconds_per_call=limits.cpu_seconds_per_call,
        wall_seconds_per_call=limits.wall_seconds_per_call,
        seconds_per_lesson=limits.seconds_per_lesson,
        memory_bytes=limits.memory_mib * _MIB,
        output_bytes=limits.output_kib * 1024,
    )


def sandbox_packages(course: Course) -> tuple[str, ...]:
    """What student code may import, by import name."""
    return tuple(dict.fromkeys(["numpy", *course.packages]))  # numpy: the wire format needs it
