"""nbgrader's own example course, imported: made-up students get the marks that nbgrader gives.

The marks are those of nbgrader 0.9.6's `nbgrader autograde`, with `c.Execute.timeout = 5`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest

from grader.grading.graders import start_graders
from grader.importing.import_course import import_course
from grader.submissions.notebooks import decode_notebook
from grader.submissions.submission import Source, Submission

pytestmark = pytest.mark.classroom

CELLS = (
    "test_correct_squares",
    "test_squares_invalid_input",
    "test_correct_sum_of_squares",
    "test_sum_of_squares_uses_squares",
)
RAISES = "    if n < 1: raise ValueError('n')\n"
SQUARES = f"def squares(n):\n{RAISES}    return [i ** 2 for i in range(1, n + 1)]"
NUMPY = f"import numpy as np\ndef squares(n):\n{RAISES}"
SUM = "def sum_of_squares(n): return sum(squares(n))"
UNTOUCHED = "# YOUR CODE HERE\nraise NotImplementedError()"

STUDENTS: dict[str, tuple[str, str]] = {
    "right": (SQUARES, SUM),
    "wrong": ("def squares(n): return [i ** 2 for i in range(n)]", SUM),
    "partial": ("def squares(n): return [i ** 2 for i in range(1, n + 1)]", SUM),
    "reuses nothing": (SQUARES, "def sum_of_squares(n): return n * (n + 1) * (2 * n + 1) // 6"),
    "raises": ("def squares(n): raise ValueError('n')", SUM),
    "hangs": ("def squares(n):\n    while n: pass", SUM),
    "exits": ("import sys\ndef squares(n): sys.exit()", SUM),
    "misspelt": ("def squares(n)\n    return 1", SUM),
    "words": ("I do not know how to do this.", "Me neither!"),
    "untouched": (UNTOUCHED, UNTOUCHED),
    "numpy": (f"{NUMPY}    return list(np.arange(1, n + 1) ** 2)", SUM),
    "array": (f"{NUMPY}    return np.arange(1, n + 1) ** 2", SUM),
    "prints": (SQUARES.replace("    return", "    print(n)\n    return"), SUM),
    "hangs in a cell": (f"{SQUARES}\nwhile True: pass", SUM),
    # These get other marks.
    "crashes": ("import os\ndef squares(n): os._exit(0)", SUM),
    "warns": (SQUARES.replace("    return", "    import warnings; warnings.warn('n')\n    return"),
              SUM),
    "lies": (
        "class Yes(list):\n    def __eq__(self, other): return True\n"
        f"def squares(n):\n{RAISES}    return Yes()",
        "class One(int):\n    def __eq__(self, other): return True\n"
        "def sum_of_squares(n):\n    squares\n    return One()",
    ),
}  # fmt: skip
#: In nbgrader, in the order of CELLS.
MARKS: dict[str, tuple[float, ...]] = {
    "right": (1, 1, 0.5, 0.5),
    "wrong": (0, 0, 0, 0.5),
    "partial": (1, 0, 0.5, 0.5),
    "reuses nothing": (1, 1, 0.5, 0),
    "raises": (0, 1, 0, 0.5),
    "hangs": (0, 0, 0, 0.5),
    "exits": (0, 0, 0, 0.5),
    "misspelt": (0, 0, 0, 0),
    "words": (0, 0, 0, 0),
    "untouched": (0, 0, 0, 0),
    "numpy": (1, 1, 0.5, 0.5),
    "array": (0, 1, 0.5, 0.5),
    "prints": (1, 1, 0.5, 0.5),
    "hangs in a cell": (1, 1, 0.5, 0.5),
}
OTHER_MARKS: dict[str, tuple[float, ...]] = {
    "crashes": (0, 0, 0, 0.5),  # nbgrader loses its kernel, and gives this student no marks at all
    "warns": (1, 1, 0.5, 0.5),  # (0, 1, 0, 0.5) there: a warning costs a cell all its points
    "lies": (0, 1, 0, 0.5),  # (1, 1, 0.5, 0.5) there: nobody's `==` decides about itself here
}


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[float, ...]]:
    """The marks of all students in the imported course."""
    folder = tmp_path_factory.mktemp("example")
    found = find_spec("nbgrader")
    assert found is not None
    assert found.origin is not None
    example = Path(found.origin).parent / "docs" / "source" / "user_guide" / "source" / "ps1"
    shutil.copytree(example, folder / "source" / "ps1")
    imported = import_course(folder, folder / "new")
    assert imported.checks == len(CELLS)
    path = folder / "new" / "course.yaml"
    limits = "limits: {cpu_seconds_per_call: 0.5, wall_seconds_per_call: 10}\n"
    path.write_text(path.read_text("utf-8") + limits, "utf-8")
    whole = json.loads((example / "problem1.ipynb").read_text("utf-8"))
    submissions = []
    for student, (squares, total) in STUDENTS.items():
        for cell in whole["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = {"squares": squares, "sum_of_squares": total}.get(name, cell["source"])
        cells = decode_notebook(json.dumps(whole).encode(), "problem1.ipynb", 10**6)
        source = Source("problem1.ipynb", cells, notebook=True)
        submissions.append(Submission(student, {"problem1": source}))
    with start_graders(type(imported.course).load(folder / "new"), 1) as graders:
        results = graders.grade(submissions)
    return {
        result.student: tuple(
            check.score for check in result.lessons[0].checks if check.check in CELLS
        )
        for result in results
    }


@pytest.mark.parametrize("student", MARKS)
def test_each_student_gets_the_marks_of_nbgrader(
    marks: Mapping[str, tuple[float, ...]], student: str
) -> None:
    assert marks[student] == MARKS[student]


@pytest.mark.parametrize("student", OTHER_MARKS)
def test_marks_that_differ_are_known(marks: Mapping[str, tuple[float, ...]], student: str) -> None:
    assert marks[student] == OTHER_MARKS[student]
