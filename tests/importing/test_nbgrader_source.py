"""A course of nbgrader's becomes a course of ours."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.course import Course
from grader.errors import GraderError
from grader.grading.graders import start_graders
from grader.importing.cell_names import CellNames
from grader.importing.cell_places import place_cells
from grader.importing.check_files import last_value
from grader.importing.draft import Place
from grader.importing.import_course import Imported, import_course, read_source
from grader.importing.nbgrader_source import find_notebooks, read_course
from grader.submissions.submission import Source, Submission

ANSWER: dict[str, Any] = {"solution": True, "grade": False, "schema_version": 3}
TEST: dict[str, Any] = {"solution": False, "grade": True, "schema_version": 3}
READ_ONLY: dict[str, Any] = {"solution": False, "grade": False, "locked": True, "schema_version": 3}


def cell(source: str, kind: str = "code", **mark: Any) -> dict[str, Any]:
    metadata = {"nbgrader": mark} if mark else {}
    return {"cell_type": kind, "metadata": metadata, "source": source, "outputs": []}


CELLS = [
    cell("# Powers\nAbout powers.", "markdown"),
    cell("%matplotlib inline\nimport math as m\nlimit = 3", **READ_ONLY, grade_id="setup"),
    cell(
        "def square(x):\n    '''The square.'''\n    ### BEGIN SOLUTION\n    return x * x\n"
        "    ### END SOLUTION",
        **ANSWER,
        grade_id="square",
    ),
    cell("nine = square(3)", **ANSWER, grade_id="nine"),
    cell("def close(a, b):\n    assert m.isclose(a, b)", **READ_ONLY, grade_id="helper"),
    cell(
        '"""Small numbers are squared."""\nsides = [1, 2]\nclose(square(sides[1]), 4)\n'
        "assert '''a\nb'''.count('\\n') == 1",
        **TEST,
        grade_id="small",
        points=2,
    ),
    cell(
        "assert square(sides[0]) == 1\n### BEGIN HIDDEN TESTS\nassert square(-7) == 49\n"
        "### END HIDDEN TESTS",
        **TEST,
        grade_id="large-numbers",
        points=3,
    ),
    cell("assert nine == 9 and limit == 3", **TEST, grade_id="cell-0123456789abcdef", points=1),
    cell(
        "kept = square\ndel square\ntry:\n    kept(2)\nfinally:\n    square = kept",
        **TEST,
        grade_id="deletes",
        points=0.5,
    ),
    cell("assert square(2) == 5", **TEST, grade_id="wrong", points=1),
    cell("# nothing here", **TEST, grade_id="empty", points=1),
    cell("Why are squares positive?", "markdown"),
    cell("Minus times minus.", "markdown", solution=True, grade=True, grade_id="why", points=2),
    cell("draw(square)", solution=True, grade=True, grade_id="plot", points=2),
]


def write(folder: Path, **notebooks: list[dict[str, Any]]) -> Path:
    for name, cells in notebooks.items():
        path = folder / "source" / "ps1" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"cells": cells, "nbformat": 4, "metadata": {}}))
    return folder


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    folder = tmp_path_factory.mktemp("nbgrader")
    return import_course(write(folder, powers=CELLS), folder / "new")


def text(imported: Imported, name: str) -> str:
    return (imported.course.root / name).read_text("utf-8")


def test_a_notebook_becomes_a_lesson_with_its_points(imported: Imported) -> None:
    (lesson,) = imported.course.lessons
    assert (lesson.id, lesson.title, lesson.points) == ("powers", "Powers", 8.5)
    assert [(it.id, it.title, it.points) for it in lesson.written] == [
        ("why", "Why are squares positive?", 2.0)
    ]


def test_answers_are_taken_out_of_the_exercise_and_all_else_stays(imported: Imported) -> None:
    stub = text(imported, "exercises/powers.py")
    assert "# %matplotlib inline\nimport math as m\nlimit = 3" in stub
    assert "'''The square.'''\n    # Your code here.\n    raise NotImplementedError" in stub
    assert "# %%\n# Your code here.\nraise NotImplementedError\n\n# %%\ndef close" in stub
    assert "x * x" not in stub
    assert "Minus times minus" not in stub


def test_visible_asserts_are_visible_checks_as_they_are(imported: Imported) -> None:
    checks = text(imported, "tests/lessons/visible/test_powers.py")
    assert "\nimport math as m\n" in checks
    assert "from powers import nine, square\n" in checks
    assert "\n\nlimit = 3\n" in checks  # the instructor's, so no student can change it
    assert "def close(a, b):\n    assert m.isclose(a, b)\n" in checks
    assert (
        '@pytest.mark.points(2)\ndef test_small():\n    """Small numbers are squared."""\n'
        "    sides = [1, 2]\n    close(square(sides[1]), 4)\n    assert '''a\nb'''.count"
    ) in checks
    assert "@pytest.mark.points(0)\ndef test_large_numbers():\n" in checks
    assert "-7" not in checks


def test_the_whole_cell_is_a_hidden_check_that_is_worth_its_points(imported: Imported) -> None:
    assert (
        "@pytest.mark.builds_on('test_large_numbers')\n@pytest.mark.points(3)\n"
        'def test_large_numbers_hidden():\n    """Large numbers."""\n    sides = [1, 2]\n'
        "    assert square(sides[0]) == 1\n    assert square(-7) == 49\n"
    ) in text(imported, "tests/lessons/hidden/test_powers.py")


def test_a_test_that_deletes_a_function_runs_beside_it(imported: Imported) -> None:
    assert imported.inside == ("ps1/powers.ipynb, cell deletes",)
    checks = text(imported, "tests/lessons/visible/test_powers.py")
    assert "def test_deletes(student):" in checks
    assert "student.glue(BESIDE).run(" in checks


def test_what_did_not_come_over_is_told_item_by_item(imported: Imported) -> None:
    told = dict(imported.left_over)
    cells = {f"ps1/powers.ipynb, cell {it}" for it in ("empty", "plot", "wrong")}
    assert told.keys() == {*cells, "ps1/powers.ipynb"}
    assert "tests nothing (1 points" in told["ps1/powers.ipynb, cell empty"]
    assert "a person marks this code (2 points)" in told["ps1/powers.ipynb, cell plot"]
    assert "the solution does not pass it" in told["ps1/powers.ipynb, cell wrong"]
    assert imported.checks == 5


def test_a_line_that_fails_in_the_solution_is_a_comment(imported: Imported) -> None:
    assert dict(imported.left_over)["ps1/powers.ipynb"] == (
        "fails (NameError: name 'draw' is not defined), and is a comment now: draw(square)"
    )
    assert "# draw(square)\npass\n" in text(imported, "solutions/powers.py")


@pytest.mark.slow
def test_many_lines_that_fail_are_comments_and_what_is_left_is_tried(tmp_path: Path) -> None:
    plots = "\n".join(f"plot({number})" for number in range(25))
    loop = (
        "for x in plot:\n    plot(x)\n    ### BEGIN SOLUTION\n    plot(2 * x)\n    ### END SOLUTION"
    )
    folder = write(tmp_path, a=[*CELLS[:3], cell(plots), cell(loop, **ANSWER), *CELLS[8:10]])
    imported = import_course(folder, tmp_path / "new")
    assert imported.checks == 1  # the other one is wrong
    assert sum("is a comment now" in it.what for it in imported.left_over) == 26
    assert "#     plot(2 * x)\n### BEGIN SOLUTION\npass\n### END SOLUTION\n" in text(
        imported, "solutions/a.py"
    )


@pytest.mark.slow
def test_a_solution_that_takes_long_may_do_so_in_the_sandbox(tmp_path: Path) -> None:
    slow = (
        "import time\nstart = time.process_time()\n"
        "while time.process_time() < start + 2.2: pass\nslow = True"
    )
    test = cell("assert slow", **TEST, grade_id="slow", points=1)
    imported = import_course(write(tmp_path, a=[cell(slow, **ANSWER), test]), tmp_path / "new")
    assert (imported.checks, imported.left_over) == (1, ())
    assert imported.course.limits.cpu_seconds_per_call >= 8
    assert imported.course.limits.seconds_per_lesson >= 24


@pytest.mark.slow
def test_an_answer_within_a_line_that_fails_is_one_still(tmp_path: Path) -> None:
    loop = cell("for i in nothing:\n### BEGIN SOLUTION\n    x = i\n### END SOLUTION\n    x + 1")
    folder = write(tmp_path, a=[*CELLS[:3], loop, CELLS[8]])
    imported = import_course(folder, tmp_path / "new")
    assert imported.checks == 1
    solution = text(imported, "solutions/a.py")
    assert "#     x = i\n#     x + 1\n### BEGIN SOLUTION\npass\n### END SOLUTION\n" in solution


def test_markers_in_a_cell_of_text_take_an_answer_out(tmp_path: Path) -> None:
    words = "Why?\n### BEGIN SOLUTION\nBecause.\n### END SOLUTION"
    (lesson,) = read_source(write(tmp_path, a=[*CELLS, cell(words, "markdown")])).lessons
    assert lesson.solution.count("Because") == 0


def test_the_course_is_one(imported: Imported) -> None:
    assert Course.load(imported.course.root).imported


def constants_of(*cells: dict[str, Any]) -> set[str]:
    names = CellNames()
    for it in cells:
        names.add(it["source"], is_answer=it["metadata"].get("nbgrader", {}).get("solution", False))
    return names.helpers.keys() & {"x"}


@pytest.mark.parametrize(
    ("cells", "is_ours"),
    [
        ([cell("x = [(1, 2)]")], True),
        ([cell("x: int = 3"), cell("y = x", **ANSWER)], True),
        ([cell("x = [1]"), cell("def f(): return x", **ANSWER)], False),  # it may append to it
        ([cell("x = [1]"), cell("x.append(2)")], False),
        ([cell("x = [1]"), cell("def helper(): return x")], True),
        ([cell("x = 1\nx += 1")], False),
        ([cell("x = 1"), cell("x = 2", **ANSWER)], False),
        ([cell("x = load()")], False),
    ],
)
def test_a_constant_of_the_instructors_is_none_of_the_students(
    cells: list[dict[str, Any]], is_ours: bool
) -> None:
    assert bool(constants_of(*cells)) is is_ours


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("score = 1\nscore", "score"),
        ("score = 1; score / 2", "score / 2"),
        ("score;", ""),
        ("score ; # shown nowhere", ""),
        ("score # shown", "score"),
        ("assert_equal(f(1), 1)", ""),
        ("np.testing.assert_allclose(1, 1)", ""),
        ("print(score)", ""),
        ('"""Words."""', ""),
        ("round(\n    score,\n    1\n)", "round(score, 1)"),
        ("0.5", "0.5"),
        ("x = 3", ""),
        ("for x in y:\n    x", ""),
        ("", ""),
    ],
)
def test_the_mark_is_the_value_that_nbgrader_sees(code: str, value: str) -> None:
    rest, last = last_value(code)
    assert last == value
    assert ast.dump(ast.parse(f"{rest}\n{last}")) == ast.dump(ast.parse(code))


@pytest.mark.slow
def test_a_cell_with_a_last_value_earns_a_part_of_its_points(tmp_path: Path) -> None:
    counts = "n = 0\nfor x in (2, 3):\n    n += square(x) == x * x\nn"
    beside = "kept = square\ndel square\nsquare = kept\nsquare(2) / 2"
    cells = [
        *CELLS[1:3],
        cell(counts, **TEST, grade_id="counts", points=2),
        cell(beside, **TEST, grade_id="beside", points=2),
    ]
    imported = import_course(write(tmp_path, powers=cells), tmp_path / "new")
    assert imported.inside == ("ps1/powers.ipynb, cell beside",)
    outcomes: dict[str, list[float | None]] = {
        "return x * x": [2, 2],
        "return 4": [1, 2],
        "pass": [0, 0],
        "return float('nan')": [0, 0],
        # Objects that claim to be any number: they are compared with none, and are no marks.
        "return type('', (float,), {'__eq__': lambda *_: True})(9)": [0, None],
        "return type('', (), {'__float__': lambda _: 2.0, '__eq__': lambda *_: True})()": [0, 0],
        "return type('', (), {'__class__': int, '__truediv__': lambda *_: 9})()": [0, None],
    }
    found = grade(imported, [f"def square(x): {body}" for body in outcomes])
    for (outside, inside), scores in zip(found, outcomes.values(), strict=True):
        assert outside == scores[0]
        # Inside, a program can forge what comes of a test: that is what its label says.
        assert scores[1] is None or inside == scores[1]


#: A course that uses the same names again and again.
REUSED = [
    cell("def double(x):\n    return 2 * x\nlimit = double(4)", **ANSWER, grade_id="double"),
    cell("factor = 3\ndef wanted():\n    return 2", **READ_ONLY, grade_id="given"),
    cell(
        '"""The limit is 8."""\nassert limit == 8 and double(1) == wanted()\n'
        "### BEGIN HIDDEN TESTS\nassert double(factor) == 6\n### END HIDDEN TESTS",
        **TEST,
        grade_id="limit",
        points=2,
    ),
    cell("def double(x):\n    return x + x + 0.0\nlimit = 'none'", **ANSWER, grade_id="again"),
    cell("factor = 5\ndef wanted():\n    return 3", **READ_ONLY, grade_id="given-again"),
    cell("assert limit == 'none' and wanted() == 3", **TEST, grade_id="no-limit", points=1),
    cell(
        "limit = None\nassert double(factor) == 10\ndel double\nassert 'double' not in globals()",
        **TEST,
        grade_id="deletes",
        points=1,
    ),
    cell("double = None", **ANSWER, grade_id="last"),
]


@pytest.mark.slow
def test_a_test_meets_the_names_as_they_stand_where_it_is(tmp_path: Path) -> None:
    imported = import_course(write(tmp_path, reused=REUSED), tmp_path / "new")
    assert (imported.checks, imported.left_over) == (4, ())
    assert imported.inside == ("ps1/reused.ipynb, cell deletes",)
    stub = text(imported, "exercises/reused.py")
    assert stub.count("# Here test_") == 2  # of those alone that need it
    hidden = text(imported, "tests/lessons/hidden/test_reused.py")
    assert (
        "@pytest.mark.after_cell('# Here test_limit begins.')\n@pytest.mark.points(2)\n"
        'def test_limit_hidden():\n    """The limit is 8."""\n'
        "    from reused import double, limit\n    factor = 3\n    def wanted():\n"
    ) in hidden
    right = text(imported, "solutions/reused.py")
    wrong = right.replace("limit = double(4)", "limit = double(3)")
    late = right.replace("limit = double(4)", "").replace("limit = 'none'", "limit = 8")
    assert grade(imported, [right, wrong, late]) == [[0, 1, 1, 2], [0, 1, 1, 0], [0, 0, 1, 0]]


@pytest.mark.slow
def test_what_only_an_answer_imports_is_asked_of_the_student(tmp_path: Path) -> None:
    cells = [
        cell("import math", **READ_ONLY, grade_id="given"),
        cell("import numpy as np\nimport math", **ANSWER, grade_id="imports"),
        cell("one = np.ones(1)", **ANSWER, grade_id="one"),
        cell("assert np is not None", **TEST, grade_id="aliases", points=1),
        cell("assert math.isclose(one[0], 1)", **TEST, grade_id="one-is-1", points=1),
    ]
    imported = import_course(write(tmp_path, a=cells), tmp_path / "new")
    programs = ["import numpy as np\none = [1]", "import numpy\none = [1]", "one = [2]"]
    assert grade(imported, programs) == [[1, 1], [0, 1], [0, 0]]


@pytest.mark.slow
def test_a_name_for_none_is_there_while_another_answer_is_not_written(tmp_path: Path) -> None:
    cells = [
        cell("x = None", **ANSWER, grade_id="x"),
        cell("assert x == None", **TEST, grade_id="none", points=1),
    ]
    imported = import_course(write(tmp_path, a=cells), tmp_path / "new")
    rest = "\nraise NotImplementedError"
    assert grade(imported, [f"x = None{rest}", f"y = None{rest}"]) == [[1], [0]]


@pytest.mark.slow
def test_what_a_solution_prints_is_hidden_from_the_instructor(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    noise = "import warnings\nprint('noise')\nwarnings.warn('noise')"
    cells = [cell(noise, **READ_ONLY, grade_id="noise"), *CELLS[2:4], CELLS[7]]
    cells[-1] = cell("assert nine == 9", **TEST, grade_id="nine", points=1)
    imported = import_course(write(tmp_path, powers=cells), tmp_path / "new")
    assert grade(imported, ["nine = 9"]) == [[1]]
    assert capfd.readouterr() == ("", "")


def grade(imported: Imported, programs: Sequence[str]) -> list[list[float]]:
    """The scores of all checks of the only lesson, for one program after the other."""
    (lesson,) = imported.course.lessons
    submissions = [
        Submission(f"{number:03}", {lesson.id: Source(f"{lesson.id}.py", (program,), False)})
        for number, program in enumerate(programs)
    ]
    with start_graders(imported.course, 1) as graders:
        results = graders.grade(submissions)
    return [[check.score for check in result.lessons[0].checks] for result in results]


@pytest.mark.parametrize(
    "metadata", [{"kernelspec": {"language": "R"}}, {"language_info": {"name": "julia"}}]
)
def test_a_notebook_in_another_language_stays_behind(
    tmp_path: Path, metadata: dict[str, Any]
) -> None:
    folder = write(tmp_path, powers=CELLS)
    notebook = {"cells": CELLS, "nbformat": 4, "metadata": metadata}
    (folder / "source/ps1/other.ipynb").write_text(json.dumps(notebook))
    draft = read_source(folder)
    assert [it.id for it in draft.lessons] == ["powers"]
    assert dict(draft.left_over)["ps1/other.ipynb"].startswith("is written in ")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[]", b'{"cells": 3}', b'{"cells": [1, null, {"cell_type": "code"}]}', b"\xff",
        b'{"cells": [{"cell_type": "code", "source": 3, '
        b'"metadata": {"nbgrader": {"grade": true}}}]}',
        b'{"cells": [{"cell_type": "code", "source": "((((", "metadata": {"nbgrader": '
        b'{"grade": true, "grade_id": 3, "points": "x"}}}]}',
        b'{"cells": ' + b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_broken_notebook_costs_only_itself(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, good=CELLS)
    (tmp_path / "source/ps1/bad.ipynb").write_bytes(content)
    draft = read_source(tmp_path)
    assert [lesson.id for lesson in draft.lessons] == ["good"]
    assert any(it.where.startswith("ps1/bad.ipynb") for it in draft.left_over)


def test_lines_from_which_nbgrader_makes_tests_are_told_and_generated_ones_come_over(
    tmp_path: Path,
) -> None:
    auto = cell("### AUTOTEST square(3)", **TEST, grade_id="auto", points=1)
    folder = write(tmp_path, a=[*CELLS[1:4], auto, CELLS[7]])
    draft = read_source(folder)
    assert dict(draft.left_over)["ps1/a.ipynb, cell auto"].startswith("has `AUTOTEST` lines")
    assert [check.code for check in draft.lessons[0].checks] == [CELLS[7]["source"]]
    generated = "assert str(type(square(3))) == \"<class 'int'>\"\nassert square(3) == 9"
    notebooks = find_notebooks(folder)
    (lesson,) = read_course(folder, notebooks, texts={("a", "auto"): generated}).lessons
    assert lesson.checks[0].code == generated


def test_what_a_test_takes_from_the_students_program_is_told(tmp_path: Path) -> None:
    given = cell("values = [square(n) for n in range(3)]", **READ_ONLY, grade_id="given")
    trusting = cell("assert values[2] == 4", **TEST, grade_id="trusting", points=1)
    draft = read_source(write(tmp_path, a=[*CELLS[1:3], given, trusting, CELLS[9]]))
    trusts, does_not = place_cells(draft, draft.lessons)
    words = "takes values from the student's program, which can change it"
    assert (trusts.place, trusts.reason) == (Place.OUTSIDE, words)
    assert (does_not.place, does_not.reason) == (Place.OUTSIDE, "")


def test_names_of_files_and_cells_are_made_harmless(tmp_path: Path) -> None:
    cells = [*CELLS[:3], cell("assert square(1)", **TEST, grade_id="a\n'\"; x", points=1)]
    folder = write(tmp_path, **{"json": cells, "1 of 2 (new)": cells})
    draft = read_source(folder)
    assert sorted(lesson.id for lesson in draft.lessons) == ["json_lesson", "lesson_1_of_2_new"]
    assert {check.name for it in draft.lessons for check in it.checks} == {"test_a_x"}


def test_data_files_that_a_notebook_opens_come_along(tmp_path: Path) -> None:
    folder = write(tmp_path, a=[*CELLS[:3], cell("open('numbers.csv')"), CELLS[5]])
    (folder / "source/ps1/numbers.csv").write_text("1,2\n")
    (folder / "source/ps1/other.csv").write_text("1,2\n")
    (folder / "source/ps1/link.csv").symlink_to("/etc/hostname")
    (lesson,) = read_source(folder).lessons
    assert dict(lesson.data) == {"numbers.csv": b"1,2\n"}


@pytest.mark.slow
def test_scripts_beside_a_notebook_come_along_with_what_they_import(tmp_path: Path) -> None:
    cells = [
        cell(
            "from utils import close, Pair\nimport shapes.square as sq", **READ_ONLY, grade_id="i"
        ),
        cell("not python"),
        *CELLS[2:4],
        cell("assert close(square(2), 4)", **TEST, grade_id="close", points=1),
        cell("assert sq.area(2) == square(2)", **TEST, grade_id="area", points=1),
        cell(
            "import more\nfrom utils import (\n    close)\nassert close(square(more.BOUND), 9)",
            **TEST,
            grade_id="imports",
            points=1,
        ),
    ]
    folder = write(tmp_path, powers=cells, squares=cells)
    beside = folder / "source" / "ps1"
    (beside / "utils.py").write_text(
        "import math\nfrom more import BOUND\nclass Pair: pass\n"
        "def close(a, b):\n    return math.isclose(a, b)\n"
    )
    (beside / "more.py").write_text("BOUND = 3\n")
    (beside / "unused.py").write_text("1 / 0\n")
    (beside / "shapes").mkdir()
    (beside / "shapes" / "__init__.py").write_text("")
    (beside / "shapes" / "square.py").write_text("def area(x):\n    return x * x\n")
    imported = import_course(folder, folder / "new")
    first, second = imported.course.lessons
    assert first.files == ("more.py", "shapes", "utils.py")
    assert second.files == ()  # they are the first one's, and the second imports them
    assert imported.checks == 6
    assert imported.inside == tuple(f"ps1/{it}.ipynb, cell imports" for it in ("powers", "squares"))
    right = Source(
        "powers.ipynb", ("import shapes.square as sq\ndef square(x): return x * x",), True
    )
    scripts = {str(path.relative_to(beside)): path.read_text() for path in beside.rglob("*.py")}
    both = {it.id: replace(right, modules=scripts) for it in (first, second)}
    with start_graders(imported.course, 1) as graders:
        (result,) = graders.grade([Submission("ada", both)])
    assert [(it.score, it.max_score) for it in result.lessons] == [(3, 3), (3, 3)]
    checks = text(imported, "tests/lessons/visible/test_powers.py")
    assert "def close(a, b):\n    return math.isclose(a, b)\n" in checks  # no student can change it
    assert "from powers import sq, square\n" in checks


@pytest.mark.slow
def test_a_module_that_is_not_here_costs_only_the_tests_that_use_it(tmp_path: Path) -> None:
    cells = [
        cell("import not_there\nfrom not_there.either import it", **READ_ONLY, grade_id="i"),
        *CELLS[2:4],
        cell("assert square(2) == 4", **TEST, grade_id="four", points=1),
        cell("assert it(square(2)) == 4", **TEST, grade_id="uses", points=1),
    ]
    imported = import_course(write(tmp_path, powers=cells), tmp_path / "new")
    assert imported.checks == 1
    told = dict(imported.left_over)
    assert "No module named 'not_there'" in told["ps1/powers.ipynb, cell uses"]
    assert told["ps1/powers.ipynb"].endswith("install the module on this machine, and try again")


def test_a_folder_of_nothing_known_is_refused_with_what_would_do(tmp_path: Path) -> None:
    with pytest.raises(GraderError, match=r"an nbgrader course .* an Otter assignment"):
        read_source(tmp_path)


def test_a_folder_with_something_in_it_is_no_new_course(tmp_path: Path) -> None:
    with pytest.raises(GraderError, match="is there already"):
        import_course(write(tmp_path / "a", powers=CELLS), tmp_path / "a")
