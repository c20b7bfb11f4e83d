"""Known mistakes in a student's copy: recognised by who makes them, and read by nobody else."""

from __future__ import annotations

import builtins
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from places import REPOSITORY

from grader.checks.reference import ReferenceCallee, quiet
from grader.course import Course, Lesson, read_text
from grader.diagnosis.known_mistakes import KnownMistakes
from grader.diagnosis.mistake_sealer import seal_mistakes
from grader.diagnosis.mistakes import Mistake
from grader.diagnosis.reply_keys import name_place, turn_key
from grader.diagnosis.sealed_mistakes import OpenedMistake, SealedFile, SealedMistakes
from grader.diagnosis.version_files import VersionLoader, read_accepted_versions
from grader.errors import CourseError
from grader.grading.grading_process import load_references
from grader.sandbox import wire
from grader.sandbox.faults import StudentFault, build_raised
from grader.sandbox.replies import Returned

if TYPE_CHECKING:
    from tiny_course import CourseWriter

COURSE = Course.load(REPOSITORY)
LESSONS = [it for it in COURSE.lessons if it.misconceptions.is_dir()]


def open_sealed(lesson: Lesson) -> SealedMistakes:
    path = lesson.sealed_mistakes
    return SealedMistakes(path, path.name)


class AsStudent(ReferenceCallee):
    """A version in a student's place, whose exceptions are a student's. It keeps its replies."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__(module)
        self.replies: dict[bytes, Returned | StudentFault] = {}  # by call

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        request = wire.encode_call(function, args, kwargs)
        if request not in self.replies:
            try:
                self.replies[request] = self._ask(function, *args, **kwargs)
            except StudentFault as fault:
                self.replies[request] = fault
        reply = self.replies[request]
        if isinstance(reply, StudentFault):
            raise reply
        return reply

    def _ask(self, function: str, *args: object, **kwargs: object) -> Returned:
        try:
            return super().call(function, *args, **kwargs)
        except StudentFault:
            raise
        except Exception as error:  # noqa: BLE001  (as a student's function may)
            name = type(error).__name__
            builtin = next(
                it.__name__ for it in type(error).__mro__ if hasattr(builtins, it.__name__)
            )
            raise build_raised(name, builtin, str(error), None) from None


class Rounded(AsStudent):
    """Code that does the same in another order: its values differ in the last digits."""

    def __init__(self, version: AsStudent) -> None:
        super().__init__(version._reference)
        self.replies = version.replies

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        returned = super().call(function, *args, **kwargs)
        return replace(returned, value=_elsewhere(returned.value))


def _elsewhere(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(map(_elsewhere, value))
    if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        noise = np.random.default_rng(7).uniform(-1, 1, np.shape(value))
        return value * (1 + 1e-12 * noise) + 1e-16 * noise
    return value


@pytest.fixture(scope="module")
def copy(released_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """This repository's course, released."""
    return Course.load(shutil.copytree(released_course, tmp_path_factory.mktemp("copy") / "it"))


@pytest.fixture(scope="module")
def references() -> dict[str, ModuleType]:
    return load_references(COURSE)


@dataclass(frozen=True, slots=True)
class Known:
    """The known mistakes of a lesson. They are asked once for all tests."""

    mistakes: KnownMistakes
    versions: list[AsStudent]  # of its mistakes


KnownOf = Callable[[Lesson], Known]


@pytest.fixture(scope="module")
def known_of(references: dict[str, ModuleType]) -> KnownOf:
    made: dict[str, Known] = {}

    def known_of(lesson: Lesson) -> Known:
        if lesson.id not in made:
            mistakes = KnownMistakes(COURSE, lesson, references, ())
            versions = [AsStudent(version.make_module()) for version in mistakes.versions]
            made[lesson.id] = Known(mistakes, versions)
        return made[lesson.id]

    return known_of


def recognised(
    known: KnownMistakes | SealedMistakes, callee: AsStudent, names: Sequence[str]
) -> dict[str, str]:
    """The mistake that is recognised in each function."""
    with quiet():
        found = known.match(callee, names)
    return {name: versions[0].mistake.id for name, versions in found.items()}


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda it: it.id)
def test_whoever_makes_a_mistake_opens_its_box(
    tmp_path: Path, known_of: KnownOf, lesson: Lesson
) -> None:
    whole, versions = known_of(lesson).mistakes, known_of(lesson).versions
    path = tmp_path / "lesson.sealed"
    path.write_bytes(seal_mistakes(whole, {"a check": ()}, lambda _: {"a check"}))
    sealed = SealedMistakes(path, path.name)
    opened = 0
    for version, student in zip(whole.versions, versions, strict=True):
        ours = recognised(whole, student, whole.functions)
        for callee in (student, Rounded(student)):
            theirs = recognised(sealed, callee, whole.functions)
            assert theirs == ours, (version.mistake.id, callee)
        opened += bool(ours)
    assert opened > 0.8 * len(whole.versions)


@pytest.mark.slow
def test_a_mistake_that_no_check_of_students_shows_is_left_out(known_of: KnownOf) -> None:
    whole = known_of(LESSONS[0]).mistakes
    file = SealedFile.decode(seal_mistakes(whole, {}, lambda _: ()))
    assert not file.boxes
    assert not file.words


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda it: it.id)
def test_what_is_right_opens_none(
    copy: Course, references: dict[str, ModuleType], lesson: Lesson
) -> None:
    sealed = open_sealed(copy.lesson(lesson.id))
    loader = VersionLoader(COURSE, lesson, references)
    right = [references[lesson.id], *map(loader.load, read_accepted_versions(COURSE, lesson))]
    assert len(right) > 3
    for module in right:
        assert recognised(sealed, AsStudent(module), sealed.functions) == {}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda it: it.id)
def test_a_file_holds_no_name_effect_or_hint(copy: Course, lesson: Lesson) -> None:
    packed = copy.lesson(lesson.id).sealed_mistakes.read_bytes()
    data = packed + zlib.decompress(packed)
    assert len(SealedFile.decode(packed).boxes) >= 6
    for version in sorted(lesson.misconceptions.glob("*.py")):
        assert version.stem.partition("__")[0].encode() not in data
        for line in read_text(version, version.name).splitlines():
            assert len(line.strip()) < 12 or line.strip().encode() not in data


def _numbers(value: Any) -> Iterator[np.ndarray]:
    if isinstance(value, list | tuple | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _numbers(part)
    else:
        yield np.asarray(value, dtype=float)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda it: it.id)
def test_no_reply_stands_in_a_file_right_or_wrong(
    copy: Course, references: dict[str, ModuleType], known_of: KnownOf, lesson: Lesson
) -> None:
    data = zlib.decompress(copy.lesson(lesson.id).sealed_mistakes.read_bytes())
    known = known_of(lesson)
    secret: set[float] = set()
    for probe in (it for own in known.mistakes.probes.values() for it in own):
        given = {float(x) for array in _numbers_of(probe.args) for x in array.ravel()}
        for callee in (AsStudent(references[lesson.id]), *known.versions):
            with quiet():
                try:
                    value = callee.call(probe.function, *probe.args, **probe.kwargs).value
                    numbers = {float(x) for it in _numbers(value) for x in it.ravel()}
                except Exception:  # noqa: BLE001  (a known-wrong version may raise anything)
                    continue
            secret |= numbers - given
    secret = {it for it in secret if len(repr(it)) > 14 and abs(it) > 1e-6}
    assert len(secret) > 500
    for number in secret:
        for form in ("<f8", ">f8"):
            assert np.array(number, dtype=form).tobytes() not in data
        assert repr(number)[:10].encode() not in data


def _numbers_of(args: Sequence[Any]) -> Iterator[np.ndarray]:
    for arg in args:
        yield from _numbers(arg)


def test_a_box_is_opened_by_all_replies_together_alone(copy: Course, known_of: KnownOf) -> None:
    lesson = LESSONS[0]
    sealed = open_sealed(copy.lesson(lesson.id))
    whole = known_of(lesson).mistakes
    opened = 0
    for version in whole.versions:
        for name in recognised(sealed, AsStudent(version.make_module()), sealed.functions):
            opened += 1
            for spoilt in range(sum(not it.corner for it in whole.probes[name])):
                callee = _Spoiling(version.make_module(), spoilt)
                assert recognised(sealed, callee, [name]) == {}
    assert opened >= 6


class _Spoiling(AsStudent):
    """Replies as a version does, except once."""

    def __init__(self, module: ModuleType, spoilt: int) -> None:
        super().__init__(module)
        self._left = spoilt

    def call(self, function: str, *args: object, **kwargs: object) -> Returned:
        self._left -= 1
        if self._left != -1:
            return super().call(function, *args, **kwargs)
        try:
            right = np.asarray(super().call(function, *args, **kwargs).value)
        except StudentFault:
            right = np.zeros(3)
        return Returned(np.where(np.isfinite(right), right * 1.1 + 0.37, 0.37), ())


def test_without_a_file_no_mistake_is_known(
    copy: Course, references: dict[str, ModuleType]
) -> None:
    lesson = copy.lesson("concepts")
    sealed = open_sealed(lesson)
    assert sealed.match(AsStudent(references["concepts"]), ["anything"]) == {}


WHOLE = SealedFile({}, (), {}, {}, {}).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        WHOLE[:-9],
        zlib.compress(b"noise"),
        zlib.compress(wire.encode([])),
        zlib.compress(wire.encode({"format_version": 3})),
        zlib.compress(zlib.decompress(WHOLE).replace(b"functions", b"festivals")),
    ],
)
def test_a_damaged_file_says_where_to_get_it_again(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "softmax.sealed"
    path.write_bytes(WHOLE)
    assert SealedMistakes(path, path.name).functions == ()
    path.write_bytes(data)
    with pytest.raises(CourseError, match=r"softmax.sealed is damaged: copy it .* once more"):
        SealedMistakes(path, path.name)


def test_a_damaged_box_says_where_to_get_its_file_again(
    copy: Course, references: dict[str, ModuleType]
) -> None:
    lesson = copy.lesson("softmax")
    sealed = open_sealed(lesson)
    reference = references["softmax"]
    twice = ModuleType("softmax")
    twice.softmax = lambda scores, axis=-1: reference.softmax(  # type: ignore[attr-defined]
        reference.softmax(scores, axis), axis
    )
    assert sealed.match(AsStudent(twice), ["softmax"])
    words, boxes = sealed._file.words, sealed._file.boxes
    words.update(dict.fromkeys(words, b"noise"))
    with pytest.raises(CourseError, match=r"softmax\.sealed is damaged: copy it .* once more"):
        sealed.match(AsStudent(twice), ["softmax"])
    boxes.update(dict.fromkeys(boxes, b"noise"))  # as if those of other keys stood there
    assert sealed.match(AsStudent(twice), ["softmax"]) == {}


@pytest.mark.parametrize("found", [b"", b"\0", b"\0\1\1", b"\1", b"\1" + bytes(10), b"\xff" * 40])
def test_a_box_of_another_key_in_the_place_of_this_one_is_left_shut(found: bytes) -> None:
    file = SealedFile({"a check": ["f"]}, ("f",), {}, {}, {})
    breaks = frozenset({"f"})
    file.put(b"key", [OpenedMistake((Mistake("id", "effect", ("1", "2", "3")),), breaks, breaks)])
    assert file.open(b"key")[0].breaks == {"f"}
    file.boxes[name_place(b"key")] = turn_key(b"key", found)
    assert file.open(b"key") == []


@pytest.mark.slow
def test_the_same_mistakes_make_the_same_file(
    references: dict[str, ModuleType], known_of: KnownOf
) -> None:
    lesson = LESSONS[0]
    again = KnownMistakes(COURSE, lesson, references, ())
    files = {
        seal_mistakes(known, {}, lambda _: {"a check"})
        for known in (known_of(lesson).mistakes, again)
    }
    assert len(files) == 1


#: What a function may make of a number that is too large for it.
IN_CORNERS = {
    "infinite": "return 2 * x",
    "nan": "return np.where(x > 1e300, np.nan, 2 * x)",
    "nan all over": "return 2 * x if x.max() < 1e300 else x * np.nan",
    "overflow": "if x.max() > 1e300: raise OverflowError\n    return 2 * x",
    "division": "if x.max() > 1e300: raise ZeroDivisionError\n    return 2 * x",
    "value": "if x.max() > 1e300: raise ValueError\n    return 2 * x",
    "finite": "return np.where(x > 1e300, 7.0, 2 * x)",
}
PROBES = """
import numpy as np
def ordinary(student, rng): student.double(np.array([1.0]))
def corners(student, rng): student.double(np.array([1e308, 1.0]))
"""


@pytest.fixture
def recognisers(tiny_course: CourseWriter) -> Callable[..., tuple[KnownMistakes, SealedMistakes]]:
    """The mistakes of a made-up lesson, by id, as they are and sealed."""

    def make(mistakes: dict[str, str]) -> tuple[KnownMistakes, SealedMistakes]:
        right = "import numpy as np\ndef double(x):\n    return 2 * np.minimum(x, 1e300)\n"
        course = Course.load(tiny_course(solutions={"double": right}))
        lesson = course.lesson("double")
        lesson.misconceptions.mkdir(parents=True)
        for name, body in mistakes.items():
            text = f'"""too large\n\n1. Why?\n2. Where?\n3. So.\n"""\ndef double(x):\n    {body}\n'
            (lesson.misconceptions / f"{name}.py").write_text(text)
        lesson.probes.parent.mkdir(parents=True)
        lesson.probes.write_text(PROBES)
        known = KnownMistakes(course, lesson, load_references(course), ())
        lesson.sealed_mistakes.parent.mkdir(parents=True, exist_ok=True)
        lesson.sealed_mistakes.write_bytes(seal_mistakes(known, {}, lambda _: {"a check"}))
        return known, open_sealed(lesson)

    return make


@pytest.mark.parametrize("mistake", IN_CORNERS)
def test_what_agrees_in_a_corner_opens_a_box_and_nothing_else(
    recognisers: Callable[..., tuple[KnownMistakes, SealedMistakes]], mistake: str
) -> None:
    known, sealed = recognisers({"mistake": IN_CORNERS[mistake]})
    opened = 0
    for body in IN_CORNERS.values():
        module = ModuleType("double")
        exec(f"import numpy as np\ndef double(x):\n    {body}\n", vars(module))
        ours = recognised(known, AsStudent(module), ["double"])
        assert recognised(sealed, AsStudent(module), ["double"]) == ours, body
        opened += bool(ours)
    assert 1 <= opened < len(IN_CORNERS)


def test_mistakes_that_look_the_same_have_no_name_in_the_course_and_in_a_copy(
    recognisers: Callable[..., tuple[KnownMistakes, SealedMistakes]],
) -> None:
    known, sealed = recognisers({"one": "return 3 * x", "other": "return 3.00002 * x"})
    for version in known.versions:
        callee = AsStudent(version.make_module())
        assert recognised(known, callee, ["double"]) == {}
        assert recognised(sealed, callee, ["double"]) == {}


@pytest.mark.slow
def test_two_mistakes_at_once_open_a_box_as_well(copy: Course, known_of: KnownOf) -> None:
    lesson = COURSE.lesson("softmax")
    whole = known_of(lesson).mistakes
    sealed = open_sealed(copy.lesson("softmax"))
    pairs = [version for version in whole.breaking("softmax") if version.parts]
    assert len(pairs) > 500
    opened = 0
    for pair in pairs[::7]:
        callee = Rounded(AsStudent(pair.make_module()))
        theirs, ours = (
            recognised(sealed, callee, ["softmax"]),
            recognised(whole, callee, ["softmax"]),
        )
        assert theirs in ({}, ours)  # which no visible check shows
        opened += bool(theirs)
    assert opened > 0.9 * len(pairs[::7])
