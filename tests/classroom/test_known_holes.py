"""What cheats stock nbgrader does not cheat this: each known hole, and what it gains."""

from __future__ import annotations

from pathlib import Path

import pytest
from classroom_folder import Classroom, cells_called, grader_scores

pytestmark = pytest.mark.classroom

WRONG_HALVE = "def halve(x):\n    return 'wrong'"

#: Put into the answer of one function, with the other one left wrong: what tries for more.
ATTACKS = {
    "reads the history": """
try:
    from IPython import get_ipython
    for _, _, text in get_ipython().history_manager.get_range():
        if "canary" in text: print(text)
    get_ipython().history_manager.reset()
except Exception:
    pass
""",
    "drops asserts by an AST transformer": """
try:
    import ast
    from IPython import get_ipython
    class Drop(ast.NodeTransformer):
        def visit_Assert(self, node): return ast.Pass()
    get_ipython().ast_transformers.append(Drop())
except Exception:
    pass
""",
    "replaces allclose": """
import numpy as np
np.allclose = lambda *a, **k: True
np.testing.assert_allclose = lambda *a, **k: None
""",
    "silences tracebacks": """
try:
    from IPython import get_ipython
    get_ipython().showtraceback = lambda *a, **k: None
    type(get_ipython()).showtraceback = lambda *a, **k: None
except Exception:
    pass
""",
    "replaces the visible checks": """
import sys, types
fake = types.ModuleType("visible_checks")
fake.run = lambda *a: 99
sys.modules["visible_checks"] = fake
""",
    "writes the gradebook": """
import os, sqlite3
for folder in (".", "..", "../..", "../../..", {root!r}):
    for path in (folder + "/gradebook.db",):
        try:
            connection = sqlite3.connect(path)
            connection.execute("UPDATE grade SET manual_score = 4")
            connection.commit()
        except Exception:
            pass
        try:
            open(path, "wb").close()
        except OSError:
            pass
""",
    "shows objects equal to all": """
class All:
    def __eq__(self, other): return True
    def __hash__(self): return 0
def halve(x): return All()
""",
    "looks for the checks on disk": """
import glob, os
for root in ({root!r}, {course!r}, "/"):
    for path in glob.glob(root + "/**/test_*.py", recursive=True)[:50]:
        print(open(path).read())
""",
}

OUTPUTS = {"nan": "float('nan')", "minus one": "-1", "text": "'full marks'", "99": "99"}


@pytest.fixture(scope="module")
def graded(released_classroom: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A class of attackers. Each has `double` right and `halve` wrong, unless it says otherwise."""
    classroom = released_classroom.copy_to(tmp_path_factory.mktemp("holes") / "room")
    right = "\ndef double(x):\n    return 2 * x\n"
    for name, attack in ATTACKS.items():
        code = attack.replace("{root!r}", repr(str(classroom.root)))
        code = code.replace("{course!r}", repr(str(classroom.course)))
        second = "" if "def halve" in attack else WRONG_HALVE
        classroom.hand_in(name, {"double": code + right, "halve": f"{second}\n# {name}\n"})
    for name, value in OUTPUTS.items():
        folder = classroom.hand_in(name, {"double": right, "halve": WRONG_HALVE})
        with classroom.edit(folder / "twice.ipynb") as notebook:
            for cell in notebook["cells"]:
                if cell in cells_called(notebook, "test-halve"):
                    cell["source"] = value
                    cell["outputs"] = [
                        {"output_type": "execute_result", "execution_count": 1, "metadata": {},
                         "data": {"text/plain": value}}
                    ]  # fmt: skip
    noise = "import sys, warnings\nimport numpy as np\n"
    noise += "def halve(x):\n    print('noise', file=sys.stderr)\n"
    noise += "    warnings.warn('more noise')\n    np.array([0.0]) / 0\n    return x / 2\n"
    classroom.hand_in("noise", {"double": right, "halve": noise})
    leave = "import os\ndef double(x):\n    os._exit(0)"
    classroom.hand_in("leaves", {"double": leave, "halve": "def halve(x):\n    return x / 2"})
    classroom.nbgrader("autograde", "tiny")
    classroom.nbgrader("generate_feedback", "tiny")
    return classroom


@pytest.mark.parametrize("student", [*ATTACKS, *OUTPUTS])
def test_an_attack_gains_nothing(graded: Classroom, student: str) -> None:
    assert graded.scores()[student]["twice"] == 4


def test_noise_on_stderr_costs_a_right_answer_nothing(graded: Classroom) -> None:
    assert graded.scores()["noise"]["twice"] == 7


def test_leaving_the_process_costs_that_function_alone(graded: Classroom) -> None:
    assert graded.scores()["leaves"]["twice"] == 3


def test_the_gradebook_holds_no_mark_that_nobody_gave(graded: Classroom) -> None:
    from nbgrader.api import Gradebook  # noqa: PLC0415

    with Gradebook(f"sqlite:///{graded.root}/gradebook.db") as gradebook:
        for submission in gradebook.assignment_submissions("tiny"):
            for notebook in submission.notebooks:
                assert all(grade.manual_score is None for grade in notebook.grades)


def test_neither_hidden_checks_nor_answers_are_anywhere_a_student_looks(graded: Classroom) -> None:
    for step in ("release", "autograded", "feedback"):
        files = [path for path in (graded.root / step).rglob("*") if path.is_file()]
        assert files
        for path in files:
            data = path.read_bytes()
            # `canary` stands in the code of one attack, which is that student's own.
            for secret in (b"canary-3f9a", b"test_hidden_canary", b"undoes doubling"):
                assert secret not in data, path
    data = (graded.root / "gradebook.db").read_bytes()
    assert b"canary-3f9a" not in data
    assert b"test_hidden" not in data


def test_grader_grade_gives_the_same_marks(graded: Classroom, tmp_path: Path) -> None:
    assert grader_scores(graded, tmp_path / "out") == graded.scores()
