"""Answers that are no functions: letters that a check reads, and texts that a person marks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from places import REPOSITORY
from tiny_course import write_course

from grader.authoring.build import build, out_of_step
from grader.authoring.release import release
from grader.cli import main
from grader.course import Course
from grader.course.stubs import make_stub
from grader.errors import CourseError
from grader.grading import grading_process
from grader.results import CheckResult, LessonResult, Status
from grader.results.message import read
from grader.sandbox.levels import Isolation
from grader.submissions.submission import Source, Submission

if TYPE_CHECKING:
    from tiny_course import CourseWriter

pytestmark = pytest.mark.usefixtures("asserts_as_written")

SOLUTION = '''\
### BEGIN SOLUTION
ANSWERS = {"capital": "B", "river": "C"}
WORDS: dict[str, str] = {
    "why": """
Because.
"""
}
### END SOLUTION
LIMIT = 3
'''
CHECKS = '''\
def test_the_capital(student, reference):
    """The capital is right."""
    assert student.answer("ANSWERS", "capital") == reference.ANSWERS["capital"], "look at the map"


def test_the_river(student, reference):
    """The river is right."""
    assert student.answer("ANSWERS", "river") == reference.ANSWERS["river"]


def test_the_limit(student, reference):
    """The limit is what it was."""
    assert student.value("LIMIT") == reference.LIMIT
'''
LESSON = {
    "id": "facts",
    "points": 5,
    "answers_in": "WORDS",
    "written": [{"id": "why", "title": "Why?", "points": 2}],
}


def write_facts(folder: Path) -> Course:
    """A course of one lesson with two letters, one value and one written answer."""
    files: dict[str, Any] = {"hidden": {"facts": CHECKS}, "visible": {"facts": None}}
    write_course(folder, lessons=[LESSON], solutions={"facts": SOLUTION}, **files)
    return Course.load(folder)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return write_facts(tmp_path / "course")


def graded(course: Course, students: Mapping[str, str]) -> dict[str, LessonResult]:
    """Grade programs, by student."""
    submissions = [
        Submission(student, {"facts": Source("facts.py", (text,), False)})
        for student, text in students.items()
    ]
    grading_process.forget()
    results = grading_process.grade_batch(course, Isolation.FULL, submissions)
    return {result.student: result.lessons[0] for result in results}


def outcomes(lesson: LessonResult) -> list[Status]:
    return [check.status for check in lesson.checks]


def written(lesson: LessonResult) -> CheckResult:
    (found,) = (check for check in lesson.checks if check.check == "why")
    return found


@pytest.mark.slow
def test_letters_are_compared_and_words_wait_for_a_person(course: Course) -> None:
    right, wrong, stub = graded(
        course,
        {
            "ada": "ANSWERS = {'capital': ' B\\n', 'river': 'C'}\nLIMIT = 3\n"
            "WORDS = {'why': '  It \\x1b[31mrains\\u202e.\\n\\nOften. '}",
            "ben": "ANSWERS = {'capital': 'C', 'river': 'B'}\nLIMIT = 4",
            "kim": make_stub(SOLUTION, where="facts.py"),
        },
    ).values()
    assert outcomes(right) == [Status.PASSED] * 3 + [Status.PENDING]
    assert (right.score, right.max_score) == (3, 5)
    assert written(right) == CheckResult(
        "why", "Why?", Status.PENDING, 0.0, 2.0, read("waits to be marked"),
        answer="It \\x1b[31mrains\\u202e.\n\nOften.",
    )  # fmt: skip
    assert outcomes(wrong) == [Status.FAILED] * 3 + [Status.NOT_ATTEMPTED]
    assert wrong.checks[0].message == "why        look at the map"
    assert outcomes(stub) == [Status.NOT_ATTEMPTED] * 2 + [Status.PASSED, Status.NOT_ATTEMPTED]
    assert stub.checks[1].message == 'got        ANSWERS["river"] is still empty'


def test_a_lesson_may_have_written_questions_and_no_check(tiny_course: CourseWriter) -> None:
    files: dict[str, Any] = {"hidden": {"facts": "import numpy\n"}, "visible": {"facts": None}}
    lesson = LESSON | {"points": 2}
    folder = tiny_course(lessons=[lesson], solutions={"facts": SOLUTION}, **files)
    (found,) = graded(Course.load(folder), {"ada": "WORDS = {'why': 'Rain.'}"}).values()
    assert (outcomes(found), written(found).answer) == ([Status.PENDING], "Rain.")


IN_PLACE = (
    "ANSWERS is {} in place of a dict: write each answer behind its question, as in "
    'ANSWERS = {{"capital": "…"}}'
)


#: What stands in place of the answers, what comes of it, and what is said.
PROGRAMS = [
    ("", Status.NOT_ATTEMPTED, "is still empty: there is no ANSWERS in your file"),
    ("ANSWERS = {'capitol': 'B'}", Status.NOT_ATTEMPTED, 'is ANSWERS["capitol"] meant for it?'),
    ("ANSWERS = None", Status.NOT_ATTEMPTED, "is still empty"),
    ("ANSWERS = {'capital': B}", Status.FAILED, "`ANSWERS` is not there, since"),
    ("ANSWERS = {'capital' 'B': 'C' 3}\n# %%\nx = 1", Status.FAILED, "does not compile"),
    ("ANSWERS = {'river': C}\nANSWERS = {}", Status.NOT_ATTEMPTED, "is still empty"),
    ("ANSWERS = {'river': 'C', 'capital': ...}", Status.FAILED, "found an ellipsis"),
    ("ANSWERS = {'river': 'C', 'capital': 3}", Status.FAILED, "found an int"),
    ("ANSWERS = {'river': 'C', 'capital': ['B']}", Status.FAILED, "found a list"),
    ("ANSWERS = ['B']", Status.FAILED, IN_PLACE.format("a list")),
    ("def ANSWERS(): return 'B'", Status.FAILED, IN_PLACE.format("a function")),
    (
        "class Any(dict):\n def get(self, *_): return 'B'\n __getitem__ = get\nANSWERS = Any()",
        Status.FAILED,
        IN_PLACE.format("an Any"),
    ),
    (
        "class Any(str):\n def __eq__(self, other): return True\n __hash__ = str.__hash__\n"
        "ANSWERS = {'capital': Any()}",
        Status.FAILED,
        "found an Any",
    ),
    (
        "class Key:\n def __hash__(self): return hash('capital')\n"
        " def __eq__(self, other): raise RuntimeError('no')\nANSWERS = {Key(): 'B'}",
        Status.FAILED,
        "RuntimeError: no",
    ),
    ("ANSWERS = {'capital': 'B' * 10**8}", Status.FAILED, "a value of"),
]


@pytest.fixture(scope="module")
def in_place(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], dict[str, LessonResult]]:
    """Grades a class of these programs when it is first called; the lesson of each."""
    folder = tmp_path_factory.mktemp("in-place") / "course"
    rest = "\nLIMIT = 3\nWORDS = {'why': 'So.'}"
    return cache(
        lambda: graded(write_facts(folder), {program: program + rest for program, *_ in PROGRAMS})
    )


@pytest.mark.slow
@pytest.mark.parametrize(("program", "status", "said"), PROGRAMS)
def test_whatever_stands_in_place_of_an_answer_costs_only_itself(
    in_place: Callable[[], dict[str, LessonResult]], program: str, status: Status, said: str
) -> None:
    lesson = in_place()[program]
    assert lesson.checks[0].status is status
    assert said in str(lesson.checks[0].message)
    assert lesson.checks[2].status is Status.PASSED
    assert written(lesson).answer == "So."


@pytest.mark.slow
def test_a_long_answer_is_cut_and_a_wrong_kind_is_told(course: Course) -> None:
    long, wrong = graded(
        course, {"long": "WORDS = {'why': 'ha ' * 100_000}", "wrong": "WORDS = {'why': 3}"}
    ).values()
    assert len(str(written(long).answer)) <= 8_000
    assert written(wrong).status is Status.FAILED
    assert written(wrong).answer is None
    assert (
        written(wrong).message == 'got        WORDS["why"] must be a text in quotes, found an int'
    )


def test_a_stub_keeps_the_questions_and_none_of_the_answers(course: Course) -> None:
    build(course)
    assert course.lessons[0].stub.read_text("utf-8") == (
        "# Your answers here, between the quotes.\n"
        'ANSWERS = {\n    "capital": "",\n    "river": "",\n}\n'
        'WORDS: dict[str, str] = {\n    "why": """\n\n""",\n}\n'
        "LIMIT = 3\n"
    )


@pytest.mark.parametrize(
    "answer",
    ["X = 3", "X = {}", "X = {'a': 3}", "X = {'a': f'{1}'}", "X = {**y}", "X.y = {'a': 'b'}",
     "X = Y = {'a': 'b'}", "X: dict", "X = {'a': 'b'}\nprint(X)", "X = {3: 'b'}"],
)  # fmt: skip
def test_only_dicts_of_texts_are_emptied(answer: str) -> None:
    stub = make_stub(f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION\n", where="f.py")
    assert stub == "# Your code here.\nraise NotImplementedError\n"


def test_a_stub_of_this_course_holds_no_letter_and_no_model_text() -> None:
    lesson = Course.load(REPOSITORY).lesson("concepts")
    names: dict[str, Any] = {}
    exec(lesson.stub.read_text("utf-8"), names)
    assert set(names["ANSWERS"].values()) == {""}
    assert {text.strip() for text in names["EXPLANATIONS"].values()} == {""}
    assert set(names["EXPLANATIONS"]) == {question.id for question in lesson.written}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"written": [{"id": "why", "title": "W"}]}, "written[0].points: is missing"),
        ({"written": [{"id": "why", "title": "W", "points": 0}]},
         "written[0].points: must be greater than 0, is 0"),
        ({"written": LESSON["written"] * 2},  # type: ignore[operator]
         "written[1].id: is also the id of lessons[0] (facts).written[0]; "
         "each question needs its own"),
        ({"answers_in": "my words"}, "answers_in: must be a Python name, is 'my words'"),
        ({"hints": {"f": ["a", "b"]}},
         "hints.f: must be a list of 3 texts, from a question to almost the code; is a list of 2"),
        ({"hints": {"f": "Think!"}},
         "hints.f: must be a list of 3 texts, from a question to almost the code; is 'Think!'"),
        ({"hints": {"f": ["a", " ", 3]}}, "hints.f[1]: must be text, is ' '"),
        ({"hints": ["a", "b", "c"]},
         "hints: must be a mapping (`key: value` lines), is ['a', 'b', 'c']"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_hints_and_questions_is_told(
    tiny_course: CourseWriter, entry: dict[str, Any], expected: str
) -> None:
    with pytest.raises(CourseError) as caught:
        Course.load(tiny_course(lessons=[LESSON | entry]))
    assert str(caught.value).startswith(f"course.yaml: lessons[0] (facts).{expected}")


@pytest.mark.slow
def test_an_answer_that_waits_for_a_mark_is_counted_alike_by_every_command(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(course)
    monkeypatch.chdir(course.root)
    said = "ANSWERS = {'capital': 'B', 'river': 'B'}\nLIMIT = 4\nWORDS = {'why': 'Rain.'}\n"
    course.lessons[0].stub.write_text(said)
    check, alone, submit = (
        CliRunner().invoke(main, words).output for words in (["check"], [], ["submit", "ada"])
    )
    assert "1 of 4 checks passed" in check
    assert "1 of 4 checks, 1 point, 1 to be marked" in alone
    assert "facts: 1 of 4 checks pass" in submit
    course.lessons[0].stub.write_text(
        said.replace("'river': 'B'", "'river': 'C'").replace("4", "3")
    )
    assert "3 of 4 checks passed" in CliRunner().invoke(main, ["check"]).output
    assert "✓ 1 facts  ██████████  3 of 4 checks, 3 points, 1 to be marked" in (
        CliRunner().invoke(main, []).output
    )


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"points": 4}, "is worth 4 points, but its checks and written questions add up to 5"),
        ({"written": [{"id": "test_the_river", "title": "W", "points": 2}]},
         "has a check and a written question that are both called `test_the_river`"),
    ],
)  # fmt: skip
def test_points_and_names_of_questions_go_together_with_those_of_checks(
    tiny_course: CourseWriter, entry: dict[str, Any], expected: str
) -> None:
    files: dict[str, Any] = {"hidden": {"facts": CHECKS}, "visible": {"facts": None}}
    solution = SOLUTION + "\nWORDS['test_the_river'] = 'Nile'\n"
    folder = tiny_course(lessons=[LESSON | entry], solutions={"facts": solution}, **files)
    with pytest.raises(CourseError, match=expected):
        graded(Course.load(folder), {})


MISSPELT = (
    "course.yaml: facts.written: no text `whi` in WORDS of solutions/facts.py; did you mean "
    "`why`? Known texts: why"
)


@pytest.mark.parametrize(
    ("entry", "more", "expected"),
    [
        ({"written": [{"id": "whi", "title": "W", "points": 2}]}, "", MISSPELT),
        ({"answers_in": "WORD"}, "",
         "course.yaml: facts.answers_in: no dict `WORD` in solutions/facts.py; did you mean "
         "`WORDS`? Known dicts: ANSWERS, WORDS"),
        ({"written": [{"id": "whi", "title": "W", "points": 2}]}, "WORDS.update(whi='x')", None),
        ({"answers_in": "WORD"}, "WORD = dict(why='x')", None),
    ],
)  # fmt: skip
def test_a_misspelt_question_is_told_before_it_costs_anybody_points(
    tiny_course: CourseWriter, entry: dict[str, Any], more: str, expected: str | None
) -> None:
    files: dict[str, Any] = {"hidden": {"facts": None}, "visible": {"facts": CHECKS}}
    solution = f"{SOLUTION}\n{more}\n"
    folder = tiny_course(lessons=[LESSON | entry], solutions={"facts": solution}, **files)
    course = Course.load(folder)
    grading_process.forget()
    if expected is None:
        assert out_of_step(course) == [course.lessons[0].stub]
        assert list(grading_process.load_references(course)) == ["facts"]
        return
    for use in (build, partial(release, out=folder / "out"), grading_process.load_references):
        with pytest.raises(CourseError) as caught:
            use(course)
        assert str(caught.value) == expected
