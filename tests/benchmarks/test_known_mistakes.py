"""The time of known mistakes is measured for each function that has some."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from places import REPOSITORY
from tiny_course import CourseWriter

SQUARED = '''\
"""a square

1. What is the double of 10?
2. Look at what you multiply `x` with.
3. Multiply `x` with a number that is always the same.
"""


def double(x):
    return x * x
'''

PROBES = """\
def ordinary(student, rng):
    student.double(rng.normal(size=3))
"""


@pytest.mark.slow
def test_each_function_with_known_mistakes_has_a_line(tiny_course: CourseWriter) -> None:
    course = tiny_course()
    lessons = course / "tests" / "lessons"
    for name, text in {
        "misconceptions/double/squared.py": SQUARED,
        "probes/double.py": PROBES,
    }.items():
        (lessons / name).parent.mkdir(parents=True)
        (lessons / name).write_text(text)
    program = REPOSITORY / "benchmarks" / "known_mistakes.py"
    command = [sys.executable, str(program), str(course)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    function, total = done.stdout.splitlines()
    assert re.fullmatch(r"double\.double +1 wrong +[\d.]+ s +[\d,]+ µs a lookup", function)
    assert re.match(r"[\d.]+ s for the course", total)
