"""course.yaml: what is read, and how each mistake in it is reported."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.course import Course, Limits, find_course
from grader.course.yaml_file import list_choices
from grader.errors import CourseError

if TYPE_CHECKING:
    from tiny_course import CourseWriter

LESSON = {"id": "double", "title": "Twice", "points": 10}


def problems(folder: Path) -> list[str]:
    """The lines of the error that loading the course gives."""
    with pytest.raises(CourseError) as caught:
        Course.load(folder)
    return str(caught.value).splitlines()


def test_a_complete_course_is_read_with_its_paths(tiny_course: CourseWriter) -> None:
    course = Course.load(tiny_course(packages=["numpy"]))
    (lesson,) = course.lessons
    assert (course.id, course.title, course.packages) == ("tiny", "A tiny course", ("numpy",))
    assert (lesson.id, lesson.points, lesson.requires) == ("double", 10.0, ())
    assert lesson.solution == course.root / "solutions/double.py"
    assert lesson.stub == course.root / "exercises/double.py"
    assert lesson.check_files == (
        course.root / "tests/lessons/visible/test_double.py",
        course.root / "tests/lessons/hidden/test_double.py",
    )


def test_missing_limits_have_the_documented_values(tiny_course: CourseWriter) -> None:
    course = Course.load(tiny_course(limits={"memory_mib": 64}))
    assert course.limits == Limits(
        cpu_seconds_per_call=2,
        wall_seconds_per_call=8,
        seconds_per_lesson=10,
        memory_mib=64,
        output_kib=64,
        file_kib=1024,
    )


def test_a_course_can_be_sent_to_another_process(tiny_course: CourseWriter) -> None:
    course = Course.load(tiny_course())
    assert pickle.loads(pickle.dumps(course)) == course


def test_a_lesson_is_found_by_its_id(tiny_course: CourseWriter) -> None:
    course = Course.load(tiny_course(lessons=["double", "triple"]))
    assert course.lesson("triple") is course.lessons[1]
    with pytest.raises(CourseError, match=r"did you mean `triple`\? Known lessons: double, triple"):
        course.lesson("tripel")


def test_without_known_names_none_is_listed() -> None:
    assert list_choices("why", [], "texts") == ""
    assert list_choices("why", ["what"], "texts").endswith("texts: what")


@pytest.mark.parametrize("left_out", ["hidden", "visible"])
def test_one_check_file_is_enough(tiny_course: CourseWriter, left_out: str) -> None:
    files: dict[str, Any] = {left_out: {"double": None}}
    (lesson,) = Course.load(tiny_course(**files)).lessons
    (check_file,) = lesson.check_files
    assert left_out not in check_file.parts


def test_the_nearest_course_upwards_is_found(tiny_course: CourseWriter) -> None:
    folder = tiny_course()
    assert find_course(folder / "solutions") == folder.resolve()
    assert find_course(folder) == folder.resolve()


def test_without_a_course_the_error_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"^no course is here: .*\n.*`grader --course DIR"):
        find_course(tmp_path)


# YAML


def test_a_syntax_error_is_reported_with_its_line(tiny_course: CourseWriter) -> None:
    (line,) = problems(tiny_course(text="id: tiny\ntitle: [one, two\nlessons: []\n"))
    assert line.startswith("course.yaml: line 3: ")


def test_a_repeated_key_is_reported_with_both_lines(tiny_course: CourseWriter) -> None:
    (line,) = problems(tiny_course(text="id: a\ntitle: t\nid: b\nlessons: []\n"))
    assert line.startswith("course.yaml: line 3: ")
    assert "`id` is already on line 1" in line


def test_a_merge_that_overrides_a_key_is_no_duplicate(tiny_course: CourseWriter) -> None:
    text = """
id: tiny
title: t
lessons:
  - &first {id: double, title: t, points: 3}
  - {<<: *first, id: triple, requires: [double]}
"""
    course = Course.load(tiny_course(text=text, lessons=["double", "triple"]))
    assert [(lesson.id, lesson.points) for lesson in course.lessons] == [
        ("double", 3.0),
        ("triple", 3.0),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "id: 2026-13-45\n",  # no such day: a ValueError inside PyYAML
        "id: !!bool 3\n",  # a KeyError
        "id: !!timestamp x\n",  # an AttributeError
        "id: \0\n",
        "id: !!python/object/apply:os.system [ls]\n",
        "id: a\n---\nid: b\n",
        "? [a]\n: b\n",
        "[" * 1000,
        "[" * 200_000,
        "- " * 50_000,
        "? " * 50_000,
    ],
    ids=[
        "no such date",
        "no bool",
        "no date",
        "null byte",
        "python tag",
        "two documents",
        "list as key",
        "too deep",
        "brackets without end",
        "lists without end",
        "keys without end",
    ],
)
def test_whatever_yaml_refuses_is_a_course_error(tiny_course: CourseWriter, text: str) -> None:
    assert problems(tiny_course(text=text))[0].startswith("course.yaml: ")


def test_aliases_that_multiply_are_read_once_each(tiny_course: CourseWriter) -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))]
    assert problems(tiny_course(text="\n".join(["id: tiny", *lines, "a1: []"])))[0].endswith(
        "the key `a1` is already on line 3; keep one"
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n- b\n", "only words\n"])
def test_a_file_that_is_no_mapping_is_reported_so(tiny_course: CourseWriter, text: str) -> None:
    (line,) = problems(tiny_course(text=text))
    assert line.startswith("course.yaml: must be a mapping (`key: value` lines), is ")


def test_a_file_that_is_not_utf8_is_reported_with_the_line(tiny_course: CourseWriter) -> None:
    folder = tiny_course()
    (folder / "course.yaml").write_bytes(b"id: tiny\ntitle: caf\xe9\n")
    assert problems(folder) == ["course.yaml: line 2: is not UTF-8; save the file as UTF-8"]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tiny_course: CourseWriter) -> None:
    folder = tiny_course()
    text = (folder / "course.yaml").read_bytes()
    (folder / "course.yaml").write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    assert Course.load(folder).id == "tiny"


def test_a_folder_without_course_yaml_is_named(tmp_path: Path) -> None:
    (line,) = problems(tmp_path)
    assert line == (
        "course.yaml: cannot be read (No such file or directory): "
        f"{tmp_path.resolve() / 'course.yaml'}"
    )


# Keys and types


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"pakages": []},
            "course.yaml: has no key `pakages`; did you mean `packages`? "
            "Known keys: id, title, lessons, parts, packages, feedback, limits, late, show, "
            "python, released, imported, stop_cell_at_error",
        ),
        ({"title": None}, "course.yaml: title: is missing; needed here: id, title, lessons"),
        ({"title": ""}, "course.yaml: title: must be text (in quotes if need be), is ''"),
        ({"id": True}, "course.yaml: id: must be text (in quotes if need be), is True"),
        ({"packages": "numpy"}, "course.yaml: packages: must be a list, is 'numpy'"),
        (
            {"packages": ["numpy", 3]},
            "course.yaml: packages[1]: must be text (in quotes if need be), is 3",
        ),
        (
            {"feedback": "some"},
            "course.yaml: feedback: must be one of `full`, `brief`, `marks`, is 'some'",
        ),
        (
            {"limits": [1]},
            "course.yaml: limits: must be a mapping (`key: value` lines), is [1]",
        ),
        (
            {"limits": {"memory": 3}},
            "course.yaml: limits: has no key `memory`; did you mean `memory_mib`? "
            "Known keys: cpu_seconds_per_call, wall_seconds_per_call, seconds_per_lesson, "
            "memory_mib, output_kib, file_kib",
        ),
        (
            {"limits": {"memory_mib": 1.5}},
            "course.yaml: limits.memory_mib: must be a whole number, is 1.5",
        ),
        (
            {"lessons": [LESSON, {"id": "softmax", "points": "ten"}]},
            "course.yaml: lessons[1] (softmax).points: must be a number, is 'ten'",
        ),
        (
            {"lessons": [LESSON | {"points": True}]},
            "course.yaml: lessons[0] (double).points: must be a number, is True",
        ),
        (
            {"lessons": [LESSON | {"requires": [3]}]},
            "course.yaml: lessons[0] (double).requires[0]: "
            "must be text (in quotes if need be), is 3",
        ),
        (
            {"lessons": [LESSON | {7: 8}]},
            "course.yaml: lessons[0] (double): a key must be text (in quotes if need be), one is 7",
        ),
        (
            {"lessons": [LESSON | {"point": 8}]},
            "course.yaml: lessons[0] (double): has no key `point`; did you mean `points`? "
            "Known keys: id, title, points, "
            "minutes, requires, data, files, hints, written, answers_in, quiz_feedback",
        ),
    ],
)
def test_a_wrong_key_or_type_is_reported_by_its_path(
    tiny_course: CourseWriter, fields: dict[str, Any], expected: str
) -> None:
    assert problems(tiny_course(**fields)) == [expected]


def test_a_lesson_without_points_or_id_is_reported_so(tiny_course: CourseWriter) -> None:
    text = "id: t\ntitle: t\nlessons:\n  - {id: double, title: t}\n  - {title: t, points: 1}\n"
    assert problems(tiny_course(text=text)) == [
        "course.yaml: lessons[0] (double).points: is missing; needed here: id, title, points",
        "course.yaml: lessons[1].id: is missing; needed here: id, title, points",
    ]


def test_an_empty_entry_is_reported_so(tiny_course: CourseWriter) -> None:
    assert problems(tiny_course(text="id: t\ntitle: t\nlimits:\nlessons:\n  -\n")) == [
        "course.yaml: limits: must be a mapping (`key: value` lines), is empty",
        "course.yaml: lessons[0]: must be a mapping (`key: value` lines), is empty",
    ]


# Sense


def test_every_problem_is_reported_at_once_one_per_line(tiny_course: CourseWriter) -> None:
    lessons = [LESSON | {"points": -3, "requires": ["dubble"]}, LESSON | {"id": "random"}]
    assert problems(tiny_course(lessons=lessons, limits={"file_kib": 0})) == [
        "course.yaml: limits.file_kib: must be greater than 0, is 0",
        "course.yaml: lessons[0] (double).points: must be greater than 0, is -3",
        "course.yaml: lessons[1] (random).id: would hide the module of Python itself `random`; "
        "choose another name",
        "course.yaml: lessons[0] (double).requires[0]: no lesson is called `dubble`; "
        "did you mean `double`? Known ids: double, random",
    ]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_points_and_limits_that_are_not_finite_are_refused(
    tiny_course: CourseWriter, value: float
) -> None:
    lessons = [LESSON | {"points": value}]
    points, limit = sorted(
        problems(tiny_course(lessons=lessons, limits={"seconds_per_lesson": value}))
    )
    assert points == f"course.yaml: lessons[0] (double).points: must be a finite number, is {value}"
    assert limit == f"course.yaml: limits.seconds_per_lesson: must be a finite number, is {value}"


def test_a_call_has_at_least_as_much_time_on_the_clock_as_computing_time(
    tiny_course: CourseWriter,
) -> None:
    limits = {"cpu_seconds_per_call": 3, "wall_seconds_per_call": 2.5}
    assert problems(tiny_course(limits=limits)) == [
        "course.yaml: limits.wall_seconds_per_call: "
        "must be at least cpu_seconds_per_call (3), is 2.5"
    ]


def test_two_lessons_may_not_share_an_id(tiny_course: CourseWriter) -> None:
    assert problems(tiny_course(lessons=["double", "triple", "double"])) == [
        "course.yaml: lessons[2] (double).id: is also the id of lessons[0]; "
        "each lesson needs its own"
    ]


@pytest.mark.parametrize(
    ("lesson_id", "why"),
    [
        ("self-attention", "must be a Python name"),
        ("2nd", "must be a Python name"),
        ("class", "must be a Python name"),
        ("../escape", "must be a Python name"),
        ("json", "would hide the module of Python itself `json`"),
        ("numpy", "would hide the listed package `numpy`"),
    ],
)
def test_a_lesson_id_that_cannot_be_imported_is_refused(
    tiny_course: CourseWriter, lesson_id: str, why: str
) -> None:
    (line,) = problems(tiny_course(lessons=[lesson_id], packages=["numpy"]))
    assert line.startswith(f"course.yaml: lessons[0] ({lesson_id}).id: {why}")


def test_an_id_too_long_for_the_file_system_is_a_missing_file(tiny_course: CourseWriter) -> None:
    text = f"id: t\ntitle: t\nlessons:\n  - {{id: {'x' * 300}, title: t, points: 1}}\n"
    assert "has no solution" in problems(tiny_course(text=text))[0]


def test_a_package_is_named_as_it_is_imported(tiny_course: CourseWriter) -> None:
    assert problems(tiny_course(packages=["scikit-learn"])) == [
        "course.yaml: packages[0]: must be what stands after `import`, is 'scikit-learn'"
    ]


def test_a_course_without_lessons_is_refused(tiny_course: CourseWriter) -> None:
    (line,) = problems(tiny_course(lessons=[]))
    assert line.startswith("course.yaml: lessons: must hold at least one lesson")


def test_a_lesson_may_not_require_itself(tiny_course: CourseWriter) -> None:
    assert problems(tiny_course(lessons=[LESSON | {"requires": ["double"]}])) == [
        "course.yaml: lessons[0] (double).requires[0]: "
        "is the lesson itself; a lesson may only require earlier ones"
    ]


def test_a_lesson_may_not_require_a_later_one(tiny_course: CourseWriter) -> None:
    assert problems(tiny_course(lessons=[LESSON | {"requires": ["triple"]}, "triple"])) == [
        "course.yaml: lessons[0] (double).requires[0]: "
        "`triple` comes later; move it up, or do not require it"
    ]


def test_a_circle_of_lessons_is_reported_once(tiny_course: CourseWriter) -> None:
    lessons = [
        {"id": "a", "requires": ["b"]},
        {"id": "b", "requires": ["c"]},
        {"id": "c", "requires": ["a"]},
        {"id": "d", "requires": ["a", "c"]},
    ]
    assert problems(tiny_course(lessons=lessons)) == [
        "course.yaml: lessons[0] (a).requires[0]: "
        "goes round in a circle: a → b → c → a; take one step out"
    ]


def test_two_circles_are_both_reported(tiny_course: CourseWriter) -> None:
    lessons = [
        {"id": "a", "requires": ["b"]},
        {"id": "b", "requires": ["a"]},
        {"id": "c", "requires": ["d"]},
        {"id": "d", "requires": ["c"]},
    ]
    told = problems(tiny_course(lessons=lessons))
    assert len(told) == 2
    assert "a → b → a" in told[0]
    assert "c → d → c" in told[1]


def test_missing_files_are_reported_with_the_path_that_is_expected(
    tiny_course: CourseWriter,
) -> None:
    nothing = {"double": None}
    assert problems(tiny_course(solutions=nothing, hidden=nothing, visible=nothing)) == [
        "course.yaml: lessons[0] (double): has no solution; expected at solutions/double.py",
        "course.yaml: lessons[0] (double): has no checks; expected at "
        "tests/lessons/hidden/test_double.py or tests/lessons/visible/test_double.py",
    ]


def test_a_lesson_comes_with_everything_that_it_builds_on(tiny_course: CourseWriter) -> None:
    lessons = [{"id": "a"}, {"id": "b", "requires": ["a"]}, {"id": "other"},
               {"id": "c", "requires": ["b"]}]  # fmt: skip
    course = Course.load(tiny_course(lessons=lessons))
    assert [lesson.id for lesson in course.with_required(course.lesson("c"))] == ["a", "b", "c"]


def test_a_students_copy_needs_the_original(tiny_course: CourseWriter) -> None:
    with pytest.raises(CourseError, match=r"has no original; expected at originals/double\.py"):
        Course.load(tiny_course(released=True))
