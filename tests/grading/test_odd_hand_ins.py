"""Right answers in odd archives, encodings, notebooks and forms keep their marks, in one class."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from grade_command import GradeRun, grade

pytestmark = pytest.mark.slow

RIGHT: Final = "def double(x): return 2 * x\n"
CODE: Final = RIGHT.encode()
CHECKS: Final = '''\
def test_two(student):
    """double(2) is 4."""
    assert student.double(2) == 4


def test_three(student):
    """double(3) is 6."""
    assert student.double(3) == 6
'''


def packed(name: str, data: bytes, mode: str = "w:gz") -> bytes:
    """A tar archive of one file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def zipped(name: str, data: bytes) -> bytes:
    """A zip archive of one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def notebook(*cells: Any, **rest: Any) -> str:
    code = [{"cell_type": "code", "source": cell, "id": "same", "outputs": []} for cell in cells]
    return json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **rest})


OUTPUT: Final = {"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}
VERSION_3: Final = {
    "nbformat": 3, "nbformat_minor": 0, "metadata": {},
    "worksheets": [{"cells": [{"cell_type": "code", "input": RIGHT, "language": "python"}]}],
}  # fmt: skip

#: The file beside the class's folders, or in the student's own folder.
FILES: Final[Mapping[str, tuple[str, str | bytes]]] = {
    "a zip of Windows": ("hw.zip", zipped("hw\\double.py", CODE)),
    "a zip behind a program": ("hw.zip", b"#!/bin/sh\n" + zipped("double.py", CODE)),
    "a zip with a dot": ("hw.zip", zipped("./double.py", CODE)),
    "a zip in capitals": ("HW.ZIP", zipped("double.py", CODE)),
    "a zip in a zip": ("hw.zip", zipped("hw.zip", zipped("double.py", CODE))),
    "a tar in a zip": ("hw.zip", zipped("hw.tar.gz", packed("double.py", CODE))),
    "tgz": ("hw.tgz", packed("double.py", CODE)),
    "tar.xz": ("hw.tar.xz", packed("a/double.py", CODE, "w:xz")),
    "tar.bz2": ("hw.tar.bz2", packed("double.py", CODE, "w:bz2")),
    "tar": ("hw.tar", packed("double.py", CODE, "w:")),
    "deep": ("a/b/c/d/e/double.py", RIGHT),
    "an ending twice": ("double.py.py", RIGHT),
    "a notebook's ending twice": ("double.ipynb.ipynb", notebook(RIGHT)),
    "a mail program's ending": ("double.py.txt", RIGHT),
    "a byte order mark": ("double.py", "\ufeff" + RIGHT),
    "UTF-16": ("double.py", f"# Zoë\n{RIGHT}".encode("utf-16")),
    "UTF-32": ("double.py", f"# Zoë\n{RIGHT}".encode("utf-32")),
    "a declared encoding": ("double.py", f"# coding: latin-1\n# Zoë\n{RIGHT}".encode("latin-1")),
    "Windows' line ends": ("double.py", RIGHT.replace("\n", "\r\n")),
    "line ends of old": ("double.py", f"import math\r{RIGHT[:-1]}\r"),
    "a form feed": ("double.py", "\f" + RIGHT),
    "no kernel": ("double.ipynb", notebook(RIGHT)),
    "one id twice": ("double.ipynb", notebook("import math", RIGHT)),
    "lines in a list": ("double.ipynb", notebook(RIGHT.splitlines(keepends=True))),
    "format 3": ("double.ipynb", json.dumps(VERSION_3)),
    "format 5": ("double.ipynb", notebook(RIGHT, nbformat=5)),
    "50 MB of output": (
        "double.ipynb",
        json.dumps({"cells": [{"cell_type": "code", "source": RIGHT, "outputs": [OUTPUT]}]}),
    ),
    "a notebook with a byte order mark": ("double.ipynb", "\ufeff" + notebook(RIGHT)),
    "cells of no known kind": (
        "double.ipynb",
        json.dumps(
            {"cells": [{"cell_type": "odd", "source": "y"}, {"cell_type": "code", "source": RIGHT}]}
        ),
    ),
    "a timed cell": ("double.ipynb", notebook(f"%%time\n{RIGHT}")),
    "a shell's cell": ("double.ipynb", notebook("%%bash\nls", RIGHT)),
    "questions to IPython": (
        "double.ipynb",
        notebook(RIGHT, "double?", "!ls", "?double", "%timeit 1"),
    ),
    "an await": ("double.ipynb", notebook("import asyncio\nawait asyncio.sleep(0)", RIGHT)),
    "Colab": ("double.ipynb", notebook("from google.colab import drive\ndrive.mount('/x')", RIGHT)),
    "not a number": ("double.ipynb", notebook(RIGHT).replace('"outputs"', '"n": NaN, "outputs"')),
}

PROGRAMS: Final = {
    "a lambda": "double = lambda x: 2 * x",
    "an object": "class D:\n    def __call__(self, x): return 2 * x\ndouble = D()",
    "partial": "import functools, operator\ndouble = functools.partial(operator.mul, 2)",
    "vectorize": "import numpy as np\ndouble = np.vectorize(lambda x: 2 * x)",
    "a cache": "from functools import cache\n@cache\ndef double(x): return 2 * x",
    "a static method": "class A:\n    @staticmethod\n    def double(x): return 2 * x\n"
    "double = A.double",
    "a demo of its own": 'if __name__ == "__main__":\n    1 / 0\n' + RIGHT,
    "main()": "def main(): print(double(2))\nmain()\n" + RIGHT,
    "a global": "def double(x):\n    global y\n    y = x\n    return 2 * y",
    "an annotation of nothing": "def double(x: 'int') -> 'Nothing': return 2 * x",
    "only by position": "def double(x, /): return 2 * x",
    "any arguments": "def double(*xs): return 2 * xs[0]",
    "an option": "def double(x, *, verbose=False): return 2 * x",
    "match": "def double(x):\n    match x:\n        case _: return 2 * x",
    "argv": "import sys\nn = int(sys.argv[1])\n" + RIGHT,
    "its file": "print(open(__file__).read())\n" + RIGHT,
    "itself": "import double as me\nfrom double import double\n" + RIGHT,
    "a thread that fails": "import threading\nthreading.Thread(target=lambda: 1 / 0).start()\n"
    + RIGHT,
    "an end that fails": "import atexit\natexit.register(lambda: 1 / 0)\n" + RIGHT,
    "warnings": "import warnings\nwarnings.simplefilter('error')\nwarnings.warn('x')\n" + RIGHT,
    "a name taken away": f"x = 1\n{RIGHT}del x",
    "a fraction": "from fractions import Fraction\ndef double(x): return Fraction(2 * x)",
    "a decimal": "from decimal import Decimal\ndef double(x): return Decimal(2 * x)",
    "an array of no axis": "import numpy as np\ndef double(x): return np.array(2 * x)",
    "a member of an enum": "import enum\nclass E(enum.IntEnum):\n    A = 4\n    B = 6\n"
    "def double(x): return E(2 * x)",
    "a complex number": "def double(x): return complex(2 * x)",
}


@pytest.fixture(scope="module")
def run(course_at: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> GradeRun:
    """The class, graded once."""
    folder = tmp_path_factory.mktemp("odd")
    course = course_at(
        folder / "course", lessons=[{"id": "double", "points": 2}],
        solutions={"double": RIGHT}, hidden={"double": CHECKS}, visible={"double": None},
    )  # fmt: skip
    for student, (name, data) in (
        {**FILES} | {it: ("double.py", PROGRAMS[it]) for it in PROGRAMS}
    ).items():
        path = folder / "class" / student / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return grade(folder / "class", folder / "out", course=course)


@pytest.mark.parametrize("student", [*FILES, *PROGRAMS])
def test_a_right_answer_in_an_odd_form_keeps_its_marks(run: GradeRun, student: str) -> None:
    found = run.student(student)
    assert found["score"] == 2, found["lessons"]
