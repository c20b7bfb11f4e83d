"""`grader gradescope`: the package, unpacked and run in Gradescope's folders."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner
from gradescope_results import assert_gradescope

from grader.authoring import requirements
from grader.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD: Final = "def double(x):\n    return 2 * x\n"
SPY: Final = """\
import os, pathlib
def double(x):
    here = pathlib.Path({source!r})
    try:
        return len(os.listdir(here))
    except OSError:
        return 2 * x
"""

pytestmark = pytest.mark.slow


class Autograder:
    """The folder tree of Gradescope."""

    def __init__(self, root: Path, package: Path) -> None:
        """Take over a package that is unpacked and set up; see :func:`set_up`."""
        self.root = root
        self.package = package
        with zipfile.ZipFile(package) as archive:
            self.files = archive.namelist()
        shutil.copytree(package.with_name("source"), root / "source")
        for name in ("submission", "results"):
            (root / name).mkdir()
        (root / "submission_metadata.json").write_text('{"users": []}', encoding="utf-8")

    def grade(self, files: dict[str, str]) -> dict[str, Any]:
        for name, text in files.items():
            path = self.root / "submission" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        finished = subprocess.run(
            ["bash", str(self.root / "source" / "run_autograder")],
            env={"PATH": os.environ["PATH"], "AUTOGRADER_ROOT": str(self.root)}
            | {"AUTOGRADER_PYTHON": sys.executable},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.stderr = finished.stderr
        document = json.loads((self.root / "results/results.json").read_text("utf-8"))
        assert_gradescope(document)
        return dict(document)


@pytest.fixture(scope="module")
def course(course_at: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gradescope") / "course"
    return course_at(folder, lessons=[{"id": "double", "points": 4}])


@pytest.fixture(scope="module")
def package(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the course, set up; tests only read it."""
    package, _ = set_up(course, tmp_path_factory.mktemp("package"))
    return package


@pytest.fixture
def autograder(package: Path, tmp_path: Path) -> Autograder:
    return Autograder(tmp_path, package)


def set_up(course: Path, folder: Path, *arguments: str) -> tuple[Path, str]:
    """Make a package, unpack it and do what its `setup.sh` does, but fetch nothing.

    Returns:
        The package, beside the folder `source`; and what the command said.
    """
    package = folder / "package.zip"
    line = ["--course", str(course), "gradescope", str(package), *arguments]
    result = CliRunner().invoke(main, line)
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder / "source")
    (*_, compiles) = (folder / "source" / "setup.sh").read_text("utf-8").splitlines()
    words = compiles.partition("#")[0].replace(".venv/bin/python", sys.executable).split()
    assert words[1:3] == ["-m", "compileall"]
    subprocess.run(words, cwd=folder / "source", check=True)
    return package, result.output


def test_a_right_submission_has_all_points(autograder: Autograder) -> None:
    document = autograder.grade({"double.py": GOOD})
    assert document["score"] == 4.0, autograder.stderr
    assert [test["status"] for test in document["tests"]] == ["passed"] * 3
    assert "isolation level `f" in document["output"]


def test_the_package_needs_nothing_from_elsewhere(autograder: Autograder) -> None:
    found = set(autograder.files)
    assert {"setup.sh", "run_autograder", "requirements.txt", "course/course.yaml"} <= found
    assert "course/tests/lessons/hidden/test_double.py" in found
    assert not [name for name in found if "__pycache__" in name or name.startswith("/")]
    for script in ("setup.sh", "run_autograder"):
        path = str(autograder.root / "source" / script)
        assert subprocess.run(["bash", "-n", path], check=False).returncode == 0
    with zipfile.ZipFile(autograder.package) as archive:
        assert archive.getinfo("run_autograder").external_attr >> 16 & 0o111
    wanted = (autograder.root / "source/requirements.txt").read_text("utf-8")
    assert all("==" in line for line in wanted.splitlines())
    assert {"numpy", "pytest", "msgspec"} <= {it.partition("==")[0] for it in wanted.splitlines()}


def test_the_same_course_gives_the_same_package(
    autograder: Autograder, course: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.zip"
    CliRunner().invoke(main, ["--course", str(course), "gradescope", str(again)])
    assert again.read_bytes() == autograder.package.read_bytes()


def test_a_grader_that_is_not_installed_makes_no_package(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requirements, "_DISTRIBUTION", "a-course-that-nobody-installed")
    line = ["--course", str(course), "gradescope", str(tmp_path / "package.zip")]
    result = CliRunner().invoke(main, line)
    assert (result.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert "Error: the grader is not installed here" in result.output


@pytest.mark.parametrize(
    ("files", "score", "said"),
    [
        ({}, 0.0, "nothing was handed in"),
        ({"Double final.py": GOOD}, 0.0, "only double.py or double.ipynb counts"),
        ({"double.py": "def double(x:\n"}, 0.0, "line 1"),
        ({"double.py": "import os\nos._exit(0)\n"}, 0.0, ""),
        ({"double.py": "while True: pass\n"}, 0.0, ""),
        ({"double.ipynb": "{"}, 0.0, ""),
        ({"other/double.py": GOOD}, 4.0, ""),
        ({"venv/double.py": GOOD}, 0.0, "nothing was handed in"),
        ({"double.py": "def double(x):\n    return 3 * x\n"}, 1.0, ""),
    ],
)
def test_there_are_results_for_any_submission(
    autograder: Autograder, files: dict[str, str], score: float, said: str
) -> None:
    document = autograder.grade(files)
    assert document["score"] == score
    assert document["tests"]
    assert said in json.dumps(document["tests"])


def test_a_program_does_not_see_the_checks_beside_it(autograder: Autograder) -> None:
    document = autograder.grade({"double.py": SPY.format(source=str(autograder.root / "source"))})
    assert document["score"] == 4.0, "it could list the folder of the checks"


def test_an_error_of_ours_is_a_sentence_and_its_cause_is_for_the_instructor(
    autograder: Autograder,
) -> None:
    (autograder.root / "source/course/course.yaml").write_text("id: [", encoding="utf-8")
    document = autograder.grade({"double.py": GOOD})
    assert document["score"] == 0.0
    assert "not your fault" in document["output"]
    assert "course.yaml" not in json.dumps(document)
    assert "course.yaml" in autograder.stderr


def test_a_weak_level_is_named_as_one(
    course: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    package, said = set_up(course, tmp_path_factory.mktemp("package"), "--isolation", "process")
    assert "can read the hidden checks" in said
    document = Autograder(tmp_path, package).grade({"double.py": GOOD})
    assert document["score"] == 4.0
    assert "without a sandbox (level `process`)" in document["output"]
