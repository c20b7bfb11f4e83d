"""A class of bad files, on disk and graded by the command: each costs only itself."""

from __future__ import annotations

import csv
import io
import json
import os
import socket
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from submitted_files import member, tamper, zipped

from grader.text import clean

RIGHT = "def double(x):\n    return 2 * x\n"
SECRET = "root:x:0:0"  # the first line of /etc/passwd
MIB = 2**20

Maker = Callable[[Path], object]


def notebook(*cells: object, **more: object) -> str:
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": list(cells), **more})


def code(source: object, **more: object) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "source": source, **more}


def script(data: bytes) -> Maker:
    return lambda folder: (folder / "double.py").write_bytes(data)


def cells(*sources: object, **more: object) -> Maker:
    return lambda folder: (folder / "double.ipynb").write_text(notebook(*sources, **more))


def write_archive(folder: Path, data: bytes) -> None:
    """Write an archive in the place of a student's folder."""
    folder.rmdir()
    folder.with_name(f"{folder.name}.zip").write_bytes(data)


def archive(data: bytes) -> Maker:
    return lambda folder: write_archive(folder, data)


def link(target: str, name: str = "double.py") -> Maker:
    return lambda folder: (folder / name).symlink_to(target)


def linked_folder(folder: Path) -> None:
    folder.rmdir()
    folder.symlink_to("/etc")


def a_socket(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(os.path.relpath(folder / "double.py"))


def sparse(name: str, size: int) -> Maker:
    return lambda folder: os.truncate(str((folder / name).open("wb").name), size)


def many_entries(folder: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as whole:
        for number in range(25_000):  # so many that their headers are not counted to the end
            whole.writestr(f"{number}.py", b"")
    write_archive(folder, buffer.getvalue())


def bombs_beside(folder: Path, depth: int = 4) -> None:
    data = zipped(*((f"{number}.bin", bytes(4 * MIB)) for number in range(8)))
    for level in range(depth):
        data = zipped(*((f"{level}-{number}.zip", data) for number in range(8)))
    write_archive(folder, zipped(("double.py", RIGHT), ("bomb.zip", data)))


def in_zip(*members: Any) -> Maker:
    return lambda folder: write_archive(folder, zipped(*members))


def encoded(codec: str, cookie: str = "") -> Maker:
    return script(f"{cookie and f'# coding: {cookie}'}\n# é\n{RIGHT}".encode(codec))


OUTPUT = {"output_type": "stream", "name": "stdout", "text": "x" * (40 * MIB)}

#: A kind of trouble → how it is handed in, and what the lesson's message must say.
BAD: Mapping[str, tuple[Maker, str]] = {
    "link": (link("/etc/passwd"), "is a symbolic link"),
    "link to a neighbour": (link("../ada/double.py"), "is a symbolic link"),
    "link to itself": (link("double.py"), "is a symbolic link"),
    "link to nothing": (link("nowhere"), "is a symbolic link"),
    "link to a device": (link("/dev/zero"), "is a symbolic link"),
    "link as notebook": (link("/etc/passwd", "double.ipynb"), "is a symbolic link"),
    "folder that is a link": (linked_folder, "is a symbolic link"),
    "pipe": (lambda folder: os.mkfifo(folder / "double.py"), "is a named pipe"),
    "socket": (a_socket, "is a socket"),
    "folder": (lambda folder: (folder / "double.py").mkdir(), "is a folder"),
    "folder as notebook": (lambda folder: (folder / "double.ipynb").mkdir(), "is a folder"),
    "a hundred megabytes": (script(b"#" * (100 * MIB)), "larger than 1024 KiB"),
    "sparse": (sparse("double.py", 2**40), "larger than 1024 KiB"),
    "sparse notebook": (sparse("double.ipynb", 2**40), "larger than 65536 KiB"),
    # -- text
    "nul": (script(b"\0" * 1000), "NUL byte in line 1"),
    "nul at the end": (script(RIGHT.encode() + b"\0"), "NUL byte in line 3"),
    "utf-16 without a mark": (encoded("utf-16-le"), "save it as UTF-8"),
    "latin-1": (encoded("latin-1"), "not valid UTF-8: line 2 holds the byte 0xE9"),
    "a wrong cookie": (encoded("latin-1", "gbk"), "is not valid gbk"),
    "a codec that unpacks": (encoded("utf-8", "zip"), "declares the encoding 'zip'"),
    "noise": (script(bytes(range(256)) * 50), "save it as"),
    "an executable": (script(b"\x7fELF" + bytes(500)), "NUL byte"),
    "brackets": (script(b"(" * 200_000), "does not compile"),
    "a deep expression": (script(b"x = " + b"-" * 500_000 + b"1"), "double.py"),
    "a long number": (script(b"x = " + b"9" * 500_000), "does not compile"),
    # -- notebooks
    "deep": (lambda folder: (folder / "double.ipynb").write_text("[" * 10_000), "too large"),
    "deep and closed": (
        lambda folder: (folder / "double.ipynb").write_text("[" * 10_000 + "]" * 10_000),
        "too large",
    ),
    "deep in a notebook": (
        lambda folder: (folder / "double.ipynb").write_text(
            notebook(code(RIGHT)).replace("[]", '{"a":' * 20_000 + "1" + "}" * 20_000)
        ),
        "too large",
    ),
    "no cells": (cells(), "no code cells"),
    "cells of words": (cells("a", "b"), "no code cells"),
    "cells in a dict": (
        lambda folder: (folder / "double.ipynb").write_text('{"cells": {"0": 1}}'),
        "no list of cells",
    ),
    "numbers for code": (cells(code(17)), "is not text"),
    "a cell that is null": (cells(code(None)), "is not text"),
    "many small outputs": (cells(code(RIGHT), more=[[]] * 1_000_001), "clear all outputs"),
    "too much code": (cells(code("#" * 2 * MIB)), "more than 1024 KiB of code"),
    "too many cells": (cells(*[code("")] * 10_001), "more than 10000 code cells"),
    "half a character": (cells(code("x = '\ud800'")), "lone surrogate"),
    "a script as notebook": (
        lambda folder: (folder / "double.ipynb").write_text(RIGHT),
        "is not a notebook",
    ),
    # -- archives
    "many entries": (many_entries, "more than 1000 files"),
    "bomb": (in_zip(("double.py", bytes(100 * MIB))), "larger than 1024 KiB"),
    "absolute": (in_zip(("/double.py", RIGHT)), "unsafe path"),
    "climbs": (in_zip(("../ada/double.py", RIGHT)), "unsafe path"),
    "drive": (in_zip(("C:\\double.py", RIGHT)), "unsafe path"),
    "backslash": (in_zip(("..\\double.py", RIGHT)), "unsafe path"),
    "twice": (in_zip(("double.py", RIGHT), ("double.py", "x = 1")), "2 times"),
    "zipped link": (in_zip((member("double.py", mode=0o120777), "/etc/passwd")), "symbolic link"),
    "encrypted": (archive(tamper(zipped(("double.py", RIGHT)), "flags", 1)), "without a passw"),
    "wrong checksum": (archive(tamper(zipped(("double.py", RIGHT)), "crc", 7)), "is damaged"),
    "odd compression": (
        in_zip((member("double.py", method=zipfile.ZIP_LZMA), RIGHT)), "in an unusual way",
    ),
    "unknown compression": (
        archive(tamper(zipped(("double.py", RIGHT)), "method", 97)), "in an unusual way",
    ),
    "no archive": (archive(b"PK\x03\x04 and then something else"), "not a zip archive"),
    "an empty archive": (archive(b""), "not a zip archive"),
    "a class of its own": (
        in_zip(("a/double.py", RIGHT), ("b/double.py", "")), "differ: a/double.py, b/double.py",
    ),
}  # fmt: skip

#: Unusual, but right: all of these are to have full marks.
GOOD: Mapping[str, Maker] = {
    "ada": script(RIGHT.encode()),
    "utf-8 with a mark": encoded("utf-8-sig"),
    "utf-16": encoded("utf-16"),
    "utf-16 big-endian": script(b"\xfe\xff" + RIGHT.encode("utf-16-be")),
    "utf-32": encoded("utf-32"),
    "latin-1 and says so": encoded("latin-1", "latin-1"),
    "cp1252 and says so": encoded("cp1252", "cp1252"),
    "shift-jis": script(f"# coding: shift_jis\n# 数\n{RIGHT}".encode("shift-jis")),
    "gbk": script(f"# coding: gbk\n# 数\n{RIGHT}".encode("gbk")),
    "mixed newlines": script(b"# a\r# b\r\n\n" + RIGHT.replace("\n", "\r\n").encode()),
    "form feed": script(b"\f\n" + RIGHT.encode()),
    "no newline at the end": script(RIGHT.rstrip().encode()),
    "outputs of forty megabytes": cells(code(RIGHT, outputs=[OUTPUT])),
    "format 3": lambda folder: (folder / "double.ipynb").write_text(
        json.dumps(
            {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": RIGHT}]}]}
        )
    ),
    "zip": in_zip(("double.py", RIGHT)),
    "zip of a folder": in_zip(("me/double.py", RIGHT), ("me/notes.txt", "x")),
    "zip with bombs beside": bombs_beside,
    "zip with a climber beside": in_zip(("double.py", RIGHT), ("../../evil.py", RIGHT)),
    "hard link": lambda folder: os.link(folder.parent / "ada" / "double.py", folder / "double.py"),
}

NAMES = [
    "=cmd|' -C calc'!A1", "+1+1", "-rf", "--out", "@SUM(1)", "a b", " lead", "trail ", "it's",
    'say "hi"', "semi;colon", "com,ma", "tab\there", "new\nline", "car\rriage", "esc\x1b[2Jape",
    "bell\a", "del\x7f", "\u202egnp.exe", "rtl\u200fmark", "zero\u200bwidth", "e\u0301 combining",
    "emoji 😀", "名前", "$(touch pwned)", "`id`", "%s%n", "{0}", "[bold]", "<b>alert",
    "Case", "case", "CON", "a..", "~", "#", "n" * 255, "é" * 120, "x.py", "a\\b", "*", "?",
]  # fmt: skip
NOT_TEXT = [b"ren\xe9", b"ren\xe8", b"\xff\xfe", b"\x80" * 200]


@dataclass
class Graded:
    """What the command did with the class, and what it wrote."""

    process: subprocess.CompletedProcess[str]
    out: Path

    @property
    def students(self) -> dict[str, dict[str, Any]]:
        results = json.loads((self.out / "results.json").read_text("ascii"))
        return {student["student"]: student for student in results["students"]}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, course_at: Callable[..., Path]) -> Graded:
    """One class with all of it, graded once."""
    root = tmp_path_factory.mktemp("fire")
    course = course_at(root / "course", lessons=[{"id": "double", "points": 4}])
    folder = root / "class"
    folder.mkdir()
    before = Path.cwd()
    os.chdir(folder)  # a socket's path has to be short
    try:
        for name, make in [*GOOD.items(), *((name, make) for name, (make, _) in BAD.items())]:
            (folder / name).mkdir()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                make(folder / name)
        for raw in [*map(os.fsencode, NAMES), *NOT_TEXT]:
            place = os.fsencode(folder) + b"/" + raw
            os.mkdir(place)  # noqa: PTH102 -- bytes
            with open(place + b"/double.py", "w") as file:  # noqa: PTH123
                file.write(RIGHT)
        (folder / ".hidden").mkdir()
        os.mkfifo(folder / "stray pipe")
        (folder / "stray.txt").write_text("x")
    finally:
        os.chdir(before)
    out = root / "out"
    process = subprocess.run(
        [sys.executable, "-m", "grader", "--course", course, "grade", folder, "--out", out],
        capture_output=True,
        encoding="utf-8",  # strictly: what is printed must be text
        timeout=300,
        check=False,
    )
    return Graded(process, out)


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="needs pipes, links and names of bytes"),
]


def test_the_class_is_graded_to_its_end(graded: Graded) -> None:
    assert graded.process.returncode == 1, graded.process.stderr
    assert "Traceback" not in graded.process.stderr + graded.process.stdout
    assert len(graded.students) == len(GOOD) + len(BAD) + len(NAMES) + len(NOT_TEXT) + 1


@pytest.mark.parametrize("name", GOOD)
def test_an_unusual_but_right_file_has_full_marks(graded: Graded, name: str) -> None:
    student = graded.students[name]
    assert student["score"] == student["max_score"] == 4, student["lessons"][0]["message"]


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_file_costs_only_itself_and_says_why(graded: Graded, name: str) -> None:
    _, reason = BAD[name]
    (lesson,) = graded.students[name]["lessons"]
    assert lesson["status"] == "unreadable"
    assert lesson["score"] == 0
    assert reason in lesson["message"]
    assert clean(lesson["message"], 500) == lesson["message"]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_kept_and_its_owner_has_full_marks(graded: Graded, name: str) -> None:
    assert graded.students[name]["score"] == 4


def test_names_that_are_not_text_stay_different(graded: Graded) -> None:
    odd = {name: student["score"] for name, student in graded.students.items() if "\ufffd" in name}
    assert len(odd) == len(NOT_TEXT)
    assert set(odd.values()) == {4}


def test_nothing_was_read_through_a_link(graded: Graded) -> None:
    written = "".join(
        path.read_text("utf-8") for path in graded.out.iterdir() if path.suffix in {".json", ".csv"}
    )
    assert SECRET not in written + graded.process.stdout + graded.process.stderr


def test_the_terminal_shows_every_name_harmlessly(graded: Graded) -> None:
    for line in (graded.process.stdout + graded.process.stderr).split("\n"):
        assert clean(line, 100_000) == line
    assert not Path("pwned").exists()


def test_the_grades_have_a_row_for_everyone_and_no_formula(graded: Graded) -> None:
    with (graded.out / "grades.csv").open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    assert {len(row) for row in rows} == {4}
    assert len(rows) == len(graded.students)
    written = set()
    for name in graded.students:
        for obeyed in "\x1b\a\x7f\u202e":  # by a terminal that shows the file
            name = name.replace(obeyed, ascii(obeyed)[1:-1])  # noqa: PLW2901
        written.add(name.removeprefix("'"))
    for name, *_ in rows:
        assert not name.lstrip().startswith(("=", "+", "-", "@"))
        assert name.removeprefix("'") in written
