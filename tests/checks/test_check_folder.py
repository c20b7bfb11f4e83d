"""The fixture `tmp_path`: files that a check and the student's program share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from one_lesson_class import message_of, statuses_of

from grader.checks.check_folder import CheckFolder
from grader.sandbox.replies import Returned

SOLUTION = """
import csv
import glob
import json
import os
from pathlib import Path

import numpy as np


def count(path):
    with open(path) as file:
        return sum(1 for line in file)


def shout(source, target):
    target.write_text(source.read_text().upper())
    return target


def table(path):
    return np.loadtxt(path, delimiter=",")


def save(path, rows):
    np.savetxt(path, rows, fmt="%d")
    with open(f"{path}.json", "w") as file:
        json.dump(rows.tolist(), file)


def names(folder):
    found = [os.path.basename(it) for it in glob.glob(os.path.join(folder, "*.txt"))]
    return sorted(found), sorted(it.name for it in Path(folder).iterdir())


def tidy(folder):
    os.makedirs(os.path.join(folder, "old", "er"))
    os.rename(os.path.join(folder, "a.txt"), os.path.join(folder, "old", "a.txt"))
    Path(folder, "b.txt").unlink()


class Log:
    def __init__(self, path):
        self.path = path

    def add(self, line):
        with open(self.path, "a") as file:
            file.write(line + "\\n")


def double(x):
    return 2 * x
"""
CHECKS = '''
from pathlib import Path

import numpy as np
import pytest


def test_a_path_as_a_text(student, tmp_path):
    """A."""
    path = tmp_path / "lines.txt"
    path.write_text("a\\nb\\n")
    assert student.count(str(path)) == 2
    path.write_text("a\\n")
    assert student.count(str(path)) == 1


def test_paths(student, tmp_path):
    """B."""
    (tmp_path / "in.txt").write_text("grüße", encoding="utf-8")
    target = student.shout(tmp_path / "in.txt", tmp_path / "out.txt")
    assert target == tmp_path / "out.txt"
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "GRÜSSE"
    assert not hasattr(target, "read_text")


def test_names_from_the_working_folder(student, tmp_path, monkeypatch):
    """C."""
    monkeypatch.chdir(tmp_path)
    Path("lines.txt").write_text("a\\nb\\n")
    assert student.count("lines.txt") == 2
    Path("below").mkdir()
    monkeypatch.chdir("below")
    assert student.count("../lines.txt") == 2


def test_numpy(student, tmp_path):
    """D."""
    (tmp_path / "t.csv").write_text("1,2\\n3,4\\n")
    rows = student.table(str(tmp_path / "t.csv"))
    student.save(str(tmp_path / "o.txt"), rows * 2)
    assert np.array_equal(np.loadtxt(tmp_path / "o.txt"), [[2, 4], [6, 8]])
    assert (tmp_path / "o.txt.json").read_text() == "[[2.0, 4.0], [6.0, 8.0]]"


@pytest.fixture
def texts(tmp_path):
    for name in ("a.txt", "b.txt", "c.csv"):
        (tmp_path / name).write_text(name)
    return tmp_path


def test_folders(student, texts):
    """E."""
    assert student.names(str(texts)) == (["a.txt", "b.txt"], ["a.txt", "b.txt", "c.csv"])
    student.tidy(str(texts))
    assert sorted(it.relative_to(texts).as_posix() for it in texts.rglob("*")) == [
        "c.csv", "old", "old/a.txt", "old/er"
    ]


def test_objects(student, tmp_path):
    """F."""
    log = student.Log(str(tmp_path / "log.txt"))
    log.add("one")
    log.add("two")
    assert (tmp_path / "log.txt").read_text() == "one\\ntwo\\n"


def test_no_file(student, tmp_path):
    """G."""
    with pytest.raises(FileNotFoundError):
        student.count(str(tmp_path / "none.txt"))


def test_each_check_has_its_own(student, tmp_path):
    """H."""
    assert list(tmp_path.iterdir()) == []
    assert student.names(str(tmp_path)) == ([], [])
'''
WRONG = SOLUTION.replace("sum(1 for line in file)", "1").replace('"a") as', '"w") as')


@pytest.mark.slow
def test_files_go_there_and_come_back(grade: Any) -> None:
    found = grade({"ada": SOLUTION, "ben": WRONG}, visible=CHECKS, solution=SOLUTION)
    assert statuses_of(found["ada"]) == ["passed"] * 8, message_of(found["ada"])
    assert statuses_of(found["ben"]) == [
        "failed", "passed", "failed", "passed", "passed", "failed", "passed", "passed",
    ]  # fmt: skip
    message = found["ben"].checks[0].message
    assert "path: the text 'tmp_path/lines.txt'" in message
    assert "grader-check-" not in message


CANNOT_WORK = """
def test_link(student, tmp_path):
    \"\"\"A link.\"\"\"
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    assert student.double(1) == 2


def test_many(student, tmp_path):
    \"\"\"Many files.\"\"\"
    for number in range(101):
        (tmp_path / str(number)).touch()
    assert student.double(1) == 2


def test_other(student, tmpdir):
    \"\"\"Another fixture.\"\"\"
    assert student.double(1) == 2
"""


def test_what_cannot_be_shared_is_told_with_its_line(grade: Any) -> None:
    found = grade({"ada": SOLUTION}, visible=CANNOT_WORK, solution=SOLUTION)["ada"]
    link, many, other = (check.message for check in found.checks)
    assert "link.txt in tmp_path is neither a file nor a folder" in link
    assert "test_double.py:5" in link
    assert "tmp_path holds more than 100 files and 4 MiB" in many
    assert "there is no fixture `tmpdir` here" in other
    assert "`tmp_path`" in other
    assert found.score == 3  # a check that is broken costs nobody a point


class Liar:
    """A program that claims changes."""

    def __init__(self, **changes: Any) -> None:
        self._changes = {"written": {}, "removed": [], "made": []} | changes

    def use(self, operation: str, *_: Any) -> Returned:
        return Returned(None if operation == "share" else self._changes, ())


@pytest.mark.parametrize(
    "changes",
    [
        {"written": {"../out.txt": "x"}},
        {"written": {"/tmp/out.txt": "x", "a/../../out.txt": "x", "": "x", ".": "x"}},
        {"written": {"a\0b": "x", "a\nb": "x", "x" * 101: "x", "a/" * 11 + "b": "x"}},
        {"written": {"..\\out.txt": "x", "C:out.txt": "x", "con. ": "x"}},
        {"written": {7: "x", b"a": "x", "a": 7, "b": ["x"]}},
        {"written": {"a": "x" * (4 * 2**20 + 1)}},
        {"removed": ["..", "../kept.txt", "/", 7, "."]},
        {"made": ["../out", "/tmp/out", None]},
        {"written": "no dict"},
        {"removed": {"kept.txt": 1}},
    ],
)
def test_no_claim_of_a_program_changes_anything_outside_the_folder(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (tmp_path / "kept.txt").write_text("kept")
    with CheckFolder(shared).shared_with(Liar(**changes)):
        pass
    assert sorted(it.name for it in tmp_path.rglob("*")) == ["kept.txt", "shared"]


def test_files_without_end_are_cut(tmp_path: Path) -> None:
    many = {str(number): "x" for number in range(1000)}
    with CheckFolder(tmp_path).shared_with(Liar(written=many)):
        pass
    assert len(list(tmp_path.iterdir())) == 100
