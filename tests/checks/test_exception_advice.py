"""What Python's and numpy's messages mean, for whoever is new to them."""

from __future__ import annotations

import pytest
from one_lesson_class import Grade, check_file, message_of

from grader.checks.exception_advice import on_exception, on_import
from grader.sandbox.faults import Place, build_raised

IS_FOUR = check_file("assert student.double(2) == 4", args="student")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("<<<<<<< HEAD", "two versions were merged"),
        ("=======", "two versions were merged"),
        (">>>>>>> ada", "two versions were merged"),
        ("```python", "a code fence"),
        (">>> x = 1", "is a prompt"),
        ("In [3]: import x", "is a prompt"),
        ("x = \u201ca\u201d", "these quotes come from a text"),
        ("x = 3 \u2212 1", "type a minus sign"),
        ("x = 3 \u2013 1", "type a minus sign"),
        ("x = 3 \u00d7 2", "to multiply, type *"),
        ("x =\u00a01", "an odd blank"),
        ("return 1", "belongs inside a function"),
    ],
)
def test_what_does_not_belong_into_a_program_is_named(line: str, words: str) -> None:
    with pytest.raises(SyntaxError) as caught:
        compile(line, "a.py", "exec")
    text = str(caught.value.msg)
    raised = build_raised("SyntaxError", "SyntaxError", text, Place("a.py", 1, line))
    assert words in str(on_import(raised))


@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("product", "`np.prod`"),
        ("trapz", "`np.trapezoid`"),
        ("in1d", "`np.isin`"),
        ("mat", "`np.asmatrix`"),
        ("NaN", "`np.nan`"),
        ("alltrue", "`np.all`"),
        ("float", "`np.float64`"),
    ],
)
def test_a_name_that_left_numpy_has_its_successor_named(grade: Grade, name: str, new: str) -> None:
    program = f"import numpy as np\ndef double(x): return np.{name}([x, 2])"
    said = message_of(grade({"ada": program}, IS_FOUR)["ada"])
    assert "numpy has this no longer" in said
    assert new in said


def test_what_a_debugger_says_is_explained() -> None:
    raised = build_raised("BdbQuit", "Exception", "", None)
    assert "a breakpoint" in str(on_exception(raised))
