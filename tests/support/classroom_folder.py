"""A classroom for tests: a folder where nbgrader's own commands run, and what students hand in."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread
from typing import IO, Any

import pytest
from made_once import made_once
from places import REPOSITORY
from warm_commands import run_warm

BIN = Path(sys.executable).parent

#: The PYTHONPATH of a server that is to start in half of the time.
LIGHTER_JUPYTER = str(Path(__file__).with_name("lighter_jupyter"))

Notebook = dict[str, Any]
CourseAt = Callable[..., Path]


@dataclass
class Classroom:
    """An nbgrader course directory, and folders of its own for all that Jupyter keeps elsewhere."""

    root: Path
    course: Path
    assignment: str

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)

    @property
    def home(self) -> Path:
        return self.root.with_name(f"{self.root.name}-home")

    @property
    def environment(self) -> dict[str, str]:
        """Nobody's settings have a say, nor does an active environment help."""
        return {
            "HOME": str(self.home),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "JUPYTER_CONFIG_DIR": str(self.home / "config"),
            "JUPYTER_DATA_DIR": str(self.home / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.home / "runtime"),
            "IPYTHONDIR": str(self.home / "ipython"),
            "LANG": "C.UTF-8",
        }

    def run(
        self,
        command: str,
        *arguments: str,
        cwd: Path | None = None,
        code: int = 0,
        environment: Mapping[str, str] | None = None,
    ) -> str:
        """Run a command of this environment; return all that it prints."""
        done = subprocess.run(
            [str(BIN / command), *arguments],
            cwd=cwd or self.root,
            env=self.environment | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == code, f"{command} {' '.join(arguments)}:\n{done.stdout}"
        return done.stdout

    def nbgrader(
        self,
        *arguments: str,
        cwd: Path | None = None,
        code: int = 0,
        environment: Mapping[str, str] | None = None,
    ) -> str:
        """The same for `nbgrader`, whose imports are there already."""
        return self.run_warm("nbgrader", *arguments, cwd=cwd, code=code, environment=environment)

    def grader(self, *arguments: str, cwd: Path | None = None, code: int = 0) -> str:
        """The same for `grader`, whose imports are there already."""
        return self.run_warm("grader", *arguments, cwd=cwd, code=code)

    def run_warm(
        self,
        command: str,
        *arguments: str,
        cwd: Path | None = None,
        code: int = 0,
        environment: Mapping[str, str] | None = None,
    ) -> str:
        """The same for either of them."""
        own = self.environment | dict(environment or {})
        ended, said = run_warm(command, arguments, cwd or self.root, own, 600)
        assert ended == code, f"{command} {' '.join(arguments)}:\n{said}"
        return said

    def init(self) -> None:
        """`grader classroom init` and `nbgrader generate_assignment`."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.grader("--course", str(self.course), "classroom", "init", str(self.root))
        self.nbgrader("generate_assignment", self.assignment)

    def copy_to(self, root: Path, *, course: Path | None = None) -> Classroom:
        """A copy that a test may write to.

        Args:
            root: where it is to be.
            course: where a copy of the course is to be; None: both have one course.
        """
        shutil.copytree(self.root, root)
        if course is not None:
            shutil.copytree(self.course, course)
            config = root / "nbgrader_config.py"
            text = config.read_text("utf-8").replace(repr(str(self.course)), repr(str(course)))
            config.write_text(text, "utf-8")
        return Classroom(root, course or self.course, self.assignment)

    # ---- what students hand in

    def folder(self, student: str) -> Path:
        return self.root / "submitted" / student / self.assignment

    def hand_in(self, student: str, solved: Mapping[str, str] | None = None) -> Path:
        """The released assignment, with all answers of the source or with those given.

        Args:
            student: whose it is.
            solved: code by the name that it defines; None for the right answers everywhere.
        """
        folder = self.folder(student)
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(self.root / "release" / self.assignment, folder)
        for path in folder.glob("*.ipynb"):
            right = self.read(self.root / "source" / self.assignment / path.name)
            answers = {cell_name(cell): cell["source"] for cell in right["cells"]}
            with self.edit(path) as notebook:
                for cell in notebook["cells"]:
                    if not nbgrader_metadata(cell).get("solution"):
                        continue
                    if solved is None:
                        cell["source"] = answers[cell_name(cell)]
                    elif cell_name(cell).removeprefix("answer-") in solved:
                        cell["source"] = solved[cell_name(cell).removeprefix("answer-")]
        return folder

    @contextmanager
    def edit(self, path: Path) -> Iterator[Notebook]:
        """A notebook as JSON, written back at the end."""
        notebook = self.read(path)
        yield notebook
        path.write_text(json.dumps(notebook), "utf-8")

    def read(self, path: Path) -> Notebook:
        notebook: Notebook = json.loads(path.read_text("utf-8"))
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
        return notebook

    # ---- what came of it

    def scores(self, db_url: str | None = None) -> dict[str, dict[str, float]]:
        """Each student's score in each notebook, as the gradebook has it."""
        from nbgrader.api import Gradebook  # noqa: PLC0415  (takes seconds)

        with nbgrader_on_path(), Gradebook(db_url or f"sqlite:///{self.root}/gradebook.db") as book:
            return {
                submission.student_id: {
                    notebook.name: notebook.score for notebook in submission.notebooks
                }
                for submission in book.assignment_submissions(self.assignment)
            }

    def graded(self, student: str, lesson: str) -> Notebook:
        return self.read(self.root / "autograded" / student / self.assignment / f"{lesson}.ipynb")


@contextmanager
def nbgrader_on_path() -> Iterator[None]:
    """nbgrader starts `alembic` by its name alone."""
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{BIN}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before


def nbgrader_metadata(cell: Notebook) -> dict[str, Any]:
    """What nbgrader knows of a cell."""
    mark: dict[str, Any] = cell["metadata"].get("nbgrader", {})
    return mark


def cell_name(cell: Notebook) -> str:
    return str(nbgrader_metadata(cell).get("grade_id", ""))


def cells_called(notebook: Notebook, name: str) -> list[Notebook]:
    return [cell for cell in notebook["cells"] if cell_name(cell) == name]


def grader_scores(
    classroom: Classroom, out: Path, submissions: Path | None = None
) -> dict[str, Any]:
    """Each student's score in each lesson, by `grader grade` on what was handed in."""
    classroom.grader(
        "--course", str(classroom.course), "grade",
        str(submissions or classroom.root / "submitted"), "--out", str(out),
    )  # fmt: skip
    results = json.loads((out / "results.json").read_text("utf-8"))
    return {
        student["student"]: {result["lesson"]: result["score"] for result in student["lessons"]}
        for student in results["students"]
    }


# ---- classrooms that several tests use

TWO_FUNCTIONS = '''\
# %% [markdown]
# # Twice, and half

# %%
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %%
def halve(x):
    """Half of x."""
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION

# %% [markdown]
# Why?

# %%
### BEGIN SOLUTION
ESSAYS = {"why": "Because halving undoes doubling."}
### END SOLUTION
'''

HIDDEN = '''\
import pytest

SECRET = "canary-3f9a"


@pytest.mark.points(3)
def test_hidden_canary_doubles(student):
    """double(21) is 42."""
    assert student.double(21) == 42, "twice as much is not as much"


@pytest.mark.points(2)
def test_hidden_canary_halves(student):
    """halve(42) is 21."""
    assert student.halve(42) == 21
'''

VISIBLE = '''\
def test_double_of_zero(student):
    """double(0) is 0."""
    assert student.double(0) == 0


def test_half_of_zero(student):
    """halve(0) is 0."""
    assert student.halve(0) == 0
'''

THIRD = '''\
# %%
from twice import double

# %%
def quadruple(x):
    """Four times x."""
    ### BEGIN SOLUTION
    return double(double(x))
    ### END SOLUTION
'''


@pytest.fixture(scope="session")
def two_lesson_course(tmp_path_factory: pytest.TempPathFactory, course_at: CourseAt) -> Path:
    """A course of two lessons: one with a written answer, and one that imports the other."""
    write = partial(
        course_at,
        id="tiny",
        lessons=[
            {
                "id": "twice",
                "points": 9,
                "answers_in": "ESSAYS",
                "written": [{"id": "why", "title": "Why?", "points": 2}],
            },
            {"id": "four_times", "points": 1, "requires": ["twice"]},
        ],
        limits={"seconds_per_lesson": 4, "wall_seconds_per_call": 3, "cpu_seconds_per_call": 1},
        solutions={"twice": TWO_FUNCTIONS, "four_times": THIRD},
        hidden={
            "twice": HIDDEN,
            "four_times": (
                "def test_four(student):\n"
                '    """quadruple(2) is 8."""\n'
                "    assert student.quadruple(2) == 8\n"
            ),
        },
        visible={"twice": VISIBLE, "four_times": None},
    )
    return made_once(tmp_path_factory, "two_lesson_course", write)


@pytest.fixture(scope="session")
def released_classroom(
    tmp_path_factory: pytest.TempPathFactory, two_lesson_course: Path
) -> Classroom:
    """A classroom of the two lessons, released and never written to."""
    return released(tmp_path_factory, "released_classroom", two_lesson_course, "tiny")


@pytest.fixture(scope="session")
def course_classroom(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A classroom of this project's course, released and never written to."""
    return released(tmp_path_factory, "course_classroom", REPOSITORY, "self-attention")


DOWN_THE_COLUMNS = """\
import numpy as np

def softmax(scores, axis=-1):
    e = np.exp(scores)
    return e / e.sum(axis=0)"""


@pytest.fixture(scope="session")
def graded_classroom(
    tmp_path_factory: pytest.TempPathFactory, course_classroom: Classroom
) -> Classroom:
    """This project's course, autograded by nbgrader's own command and never written to.

    All that ada handed in is right, but for one line of the model; beside it lies another model.
    ben handed in a softmax that normalises along the wrong axis, and nothing else of his own.
    """

    def make(root: Path) -> None:
        classroom = course_classroom.copy_to(root)
        with classroom.edit(classroom.hand_in("ada") / "tiny_gpt.ipynb") as notebook:
            [cell] = cells_called(notebook, "answer-next_token")
            cell["source"] = cell["source"].replace("logits / temperature", "logits * temperature")
        (classroom.folder("ada") / "tiny_gpt.npz").write_bytes(b"another model")
        classroom.hand_in("ben", {"softmax": DOWN_THE_COLUMNS})
        classroom.nbgrader("autograde", classroom.assignment)

    root = made_once(tmp_path_factory, "graded_classroom", make)
    return Classroom(root, REPOSITORY, course_classroom.assignment)


def released(
    factory: pytest.TempPathFactory, name: str, course: Path, assignment: str
) -> Classroom:
    """The classroom of that name, released once for all workers."""
    root = made_once(factory, name, lambda root: Classroom(root, course, assignment).init())
    return Classroom(root, course, assignment)


# ---- servers


@contextmanager
def running_server(
    command: Sequence[str], pattern: str, cwd: Path, environment: Mapping[str, str], end: int
) -> Iterator[re.Match[str]]:
    """A server that runs until the end.

    Args:
        command: starts it.
        pattern: what it prints once it answers; the match is given.
        cwd: where it starts.
        environment: all of its environment.
        end: the signal that ends it and its children.
    """
    server = subprocess.Popen(
        command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, start_new_session=True,
    )  # fmt: skip
    assert server.stdout is not None
    output = server.stdout
    said: list[str] = []
    try:
        for line in output:
            said.append(line)
            if match := re.search(pattern, line):
                break
        else:
            output.close()
            raise AssertionError("".join(said))
        # A full pipe would stop it. Nobody waits for this thread: a kernel that outlives the server
        # holds the pipe open.
        Thread(target=_read_and_close, args=(output,), daemon=True).start()
        yield match
    finally:
        started = list(_processes_below(server.pid))  # kernels have sessions of their own
        if server.poll() is None:
            os.killpg(server.pid, end) if end == signal.SIGKILL else server.send_signal(end)
        server.wait(60)
        for pid in started:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _read_and_close(output: IO[str]) -> None:
    with output:
        output.read()


def _processes_below(pid: int) -> Iterator[int]:
    """The children of a process, and theirs."""
    with suppress(OSError):  # it may end meanwhile
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text("ascii").split()):
                yield child
                yield from _processes_below(child)
