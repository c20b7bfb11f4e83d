"""Stubs: what is taken out, what stays, and which mistakes in the markers are reported."""

from __future__ import annotations

import ast
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from places import REPOSITORY

from grader.authoring.build import build, out_of_step, stray_exercises
from grader.course import Course
from grader.course.stubs import make_stub
from grader.errors import CourseError

if TYPE_CHECKING:
    from tiny_course import CourseWriter


def stub_of(solution: str) -> str:
    """The stub of a solution that may be indented like the test around it."""
    return make_stub(dedent(solution), where="solutions/f.py")


def problems(solution: str) -> list[str]:
    """The lines of the error that a solution gives."""
    with pytest.raises(CourseError) as caught:
        stub_of(solution)
    return str(caught.value).splitlines()


def test_an_answer_becomes_a_friendly_line_and_a_raise() -> None:
    assert stub_of(
        '''
        import numpy as np

        def f(x):
            """Twice x."""
            x = np.asarray(x)
            ### BEGIN SOLUTION
            y = 2 * x

            return y
            ### END SOLUTION

        print(f)  # stays
        '''
    ) == dedent(
        '''
        import numpy as np

        def f(x):
            """Twice x."""
            x = np.asarray(x)
            # Your code here.
            raise NotImplementedError

        print(f)  # stays
        '''
    )


def test_every_answer_of_a_file_is_taken_out() -> None:
    stub = stub_of(
        """
        class Doubler:
            async def one(self):
                ### BEGIN SOLUTION
                secret = 1
                ### END SOLUTION

            def two(self):
                if self:
                    ### BEGIN SOLUTION
                    secret = 2
                    ### END SOLUTION
                return self
        """
    )
    assert stub.count("raise NotImplementedError") == 2
    assert "secret" not in stub
    assert "SOLUTION" not in stub


@pytest.mark.parametrize("indent", ["", "  ", "            "])
def test_markers_may_be_indented_in_any_way(indent: str) -> None:
    stub = stub_of(
        f"def f():\n{indent}### BEGIN SOLUTION\n    # why\n    return 1\n{indent}### END SOLUTION\n"
    )
    assert stub == "def f():\n    # Your code here.\n    raise NotImplementedError\n"


@pytest.mark.parametrize("answer", ["x = 1", "def f():\n    return 1", "import math as m", "f(2)"])
def test_any_answer_at_the_top_level_is_replaced_by_a_line_that_raises(answer: str) -> None:
    stub = stub_of(f"y = 2\n### BEGIN SOLUTION\n{answer}\n### END SOLUTION\nz = 3\n")
    assert stub == "y = 2\n# Your code here.\nraise NotImplementedError\nz = 3\n"


def test_what_only_other_answers_use_is_taken_out_without_a_trace() -> None:
    stub = stub_of(
        "### BEGIN SOLUTION\nLIMIT = 3\n\n\ndef helper(x):\n    return x + LIMIT\n"
        "### END SOLUTION\n\n\nclass A:\n    def f(self):\n        ### BEGIN SOLUTION\n"
        "        return helper(self._g() + LIMIT)\n        ### END SOLUTION\n\n"
        "    ### BEGIN SOLUTION\n    def _g(self):\n        return 1\n    ### END SOLUTION\n"
    )
    assert stub == (
        "\n\nclass A:\n    def f(self):\n        # Your code here.\n"
        "        raise NotImplementedError\n\n"
    )


def test_an_answer_that_code_outside_of_answers_uses_becomes_a_line_that_raises() -> None:
    stub = stub_of(
        "### BEGIN SOLUTION\ndef helper(x):\n    return x\n### END SOLUTION\n"
        "def f(x):\n    ### BEGIN SOLUTION\n    return helper(x)\n    ### END SOLUTION\n"
        "print(helper(1))\n"
    )
    assert stub.startswith("# Your code here.\nraise NotImplementedError\ndef f(x):\n")


def test_tabs_and_windows_line_ends_are_understood() -> None:
    stub = stub_of("def f():\r\n\t### BEGIN SOLUTION\r\n\treturn 1\r\n\t### END SOLUTION\r\n")
    assert stub == "def f():\n\t# Your code here.\n\traise NotImplementedError\n"


def test_an_answer_on_the_last_line_of_the_file_is_taken_out() -> None:
    assert stub_of("def f():\n  ### BEGIN SOLUTION\n  return 1\n  ### END SOLUTION") == (
        "def f():\n  # Your code here.\n  raise NotImplementedError"
    )


@pytest.mark.parametrize(
    ("solution", "expected"),
    [
        ("def f():\n    return 1\n", "solutions/f.py: has no answer to take out"),
        (
            "def f():\n    ### BEGIN SOLUTION\n    return 1\n",
            "solutions/f.py:2: the answer is never closed",
        ),
        (
            "def f():\n    return 1\n    ### END SOLUTION\n",
            "solutions/f.py:3: `### END SOLUTION` without a `### BEGIN SOLUTION`",
        ),
        (
            "def f():\n    ### BEGIN SOLUTION\n    ### BEGIN SOLUTION\n    return 1\n"
            "    ### END SOLUTION\n",
            "solutions/f.py:3: an answer begins inside the one of line 2",
        ),
        (
            "def f():\n    ### BEGIN SOLUTION\n    return 1\nx = 3\n### END SOLUTION\n",
            "solutions/f.py:2: the answer begins in one block and ends in another",
        ),
        (
            "class A:\n    ### BEGIN SOLUTION\n    x = 1\ndef f():\n    return 1\n"
            "### END SOLUTION\n",
            "solutions/f.py:2: the answer begins in one block and ends in another",
        ),
        (
            "def f():\n    ### BEGIN SOLUTION\n    # nothing\n    ### END SOLUTION\n    return 1\n",
            "solutions/f.py:2: no whole statement stands between the markers",
        ),
        (
            "def f():\n    ### BEGIN SOLUTION\n    x = [\n    ### END SOLUTION\n      1,\n    ]\n",
            "solutions/f.py:2: the answer ends in the middle of a statement; "
            "move `### END SOLUTION` below line 6",
        ),
        (
            'def f():\n    """\n    ### BEGIN SOLUTION\n    ### END SOLUTION\n    """\n',
            "solutions/f.py:3: `### BEGIN SOLUTION` stands inside a string",
        ),
        ("def f(:\n", "solutions/f.py:1: the solution does not compile"),
        ("x = '\0'\n", "solutions/f.py:"),
        (
            "def f(x):\n    if x:\n        pass\n    ### BEGIN SOLUTION\n    y = 2\n    if y:\n"
            "        return 1\n    ### END SOLUTION\n    else:\n        return 2\n",
            "solutions/f.py:4: the answer ends in the middle of a statement",
        ),
        (
            "def f(x):\n    try:\n        y = 1\n    ### BEGIN SOLUTION\n    except OSError:\n"
            "        y = 2\n    ### END SOLUTION\n    return y\n",
            "solutions/f.py:8: what is left without the answers does not compile",
        ),
    ],
)
def test_a_misplaced_answer_is_reported_with_its_line(solution: str, expected: str) -> None:
    assert problems(solution)[0].startswith(expected)


@pytest.mark.parametrize(
    "marker",
    [
        "###BEGIN SOLUTION",
        "### Begin Solution",
        "# BEGIN SOLUTION",
        "### BEGIN SOLUTIONS",
        "### BEGIN SOLUTION:",
        "### BEGIN SOLUTION (2 points)",
        "### BEGIN-SOLUTION",
        "x = 1  ### BEGIN SOLUTION",
    ],
)
def test_a_mistyped_marker_never_lets_an_answer_through(marker: str) -> None:
    told = problems(
        f"""
        def f():
            {marker}
            secret = 1
            ### END SOLUTION
            ### BEGIN SOLUTION
            return 1
            ### END SOLUTION
        """
    )
    assert told[0].startswith("solutions/f.py:3: looks like a marker; write exactly")


def test_all_misplaced_markers_of_a_file_are_reported_at_once() -> None:
    told = problems("### END SOLUTION\n### END SOLUTION\n### BEGIN SOLUTION\n")
    assert [line.split(":")[1] for line in told] == ["1", "2", "3"]


# A whole course


def test_a_build_writes_each_stub_once(tiny_course: CourseWriter) -> None:
    course = Course.load(tiny_course(lessons=["double", "triple"]))
    stubs = tuple(lesson.stub for lesson in course.lessons)
    assert out_of_step(course) == list(stubs)
    assert build(course).written == stubs
    again = build(course)
    assert (again.written, again.unchanged, again.strays) == ((), stubs, ())
    assert out_of_step(course) == []
    for stub in stubs:
        ast.parse(stub.read_text())
        assert "return 2 * x" not in stub.read_text()


def test_an_edited_stub_is_out_of_step_and_made_again(tiny_course: CourseWriter) -> None:
    course = Course.load(tiny_course(lessons=["double", "triple"]))
    build(course)
    edited = course.lesson("triple").stub
    edited.write_text("solved = True\n")
    assert out_of_step(course) == [edited]
    assert build(course).written == (edited,)


def test_a_build_names_strays_and_leaves_them_alone(tiny_course: CourseWriter) -> None:
    course = Course.load(tiny_course())
    build(course)
    folder = course.root / "exercises"
    stray = folder / "old_lesson.py"
    stray.write_text("x = 1\n")
    (folder / ".gitkeep").touch()
    (folder / "__pycache__").mkdir()
    assert build(course).strays == stray_exercises(course) == (stray,)
    assert stray.exists()


def test_a_build_leaves_no_draft_behind(tiny_course: CourseWriter) -> None:
    course = Course.load(tiny_course())
    build(course)
    assert [path.name for path in (course.root / "exercises").iterdir()] == ["double.py"]


def test_a_stub_that_cannot_be_written_is_reported(tiny_course: CourseWriter) -> None:
    course = Course.load(tiny_course())
    course.lessons[0].stub.mkdir(parents=True)
    with pytest.raises(CourseError, match=r"^exercises/double\.py: cannot be written"):
        build(course)
    assert [path.name for path in (course.root / "exercises").iterdir()] == ["double.py"]


def test_one_broken_solution_keeps_the_whole_build_from_writing(tiny_course: CourseWriter) -> None:
    broken = {"triple": "def triple(x):\n    return 3 * x\n", "fourfold": "def\n"}
    course = Course.load(tiny_course(lessons=["double", *broken], solutions=broken))
    with pytest.raises(CourseError) as caught:
        build(course)
    first, second = str(caught.value).splitlines()
    assert first.startswith("solutions/triple.py: has no answer")
    assert second.startswith("solutions/fourfold.py:1: the solution does not compile")
    assert not (course.root / "exercises").exists()


def test_a_solution_that_is_not_utf8_is_reported(tiny_course: CourseWriter) -> None:
    course = Course.load(tiny_course())
    course.lessons[0].solution.write_bytes(b"# caf\xe9\n")
    with pytest.raises(CourseError) as caught:
        out_of_step(course)
    assert str(caught.value) == "solutions/double.py: line 1: is not UTF-8; save the file as UTF-8"


def test_the_exercises_of_this_repository_are_in_step_with_its_solutions() -> None:
    course = Course.load(REPOSITORY)
    assert [course.shown(path) for path in out_of_step(course)] == [], "run `grader build`"
