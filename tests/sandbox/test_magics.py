"""Notebook cells as plain Python: what Jupyter alone understands is left out, nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from grader.sandbox.inside.magics import compile_cell


def run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile_cell(text, "cell"), names)
    del names["__builtins__"]
    return names


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("%matplotlib inline\nx = 1", {"x": 1}),
        ("x = 1\n%timeit x + 1\ny = 2", {"x": 1, "y": 2}),
        ("!pip install numpy\nx = 1", {"x": 1}),
        ("x = 1\n!ls -l | wc\n", {"x": 1}),
        ("files = !ls\nx = 1", {"files": [], "x": 1}),
        ("t = %timeit -o 1 + 1\nx = 1", {"t": None, "x": 1}),
        ("x = 1\nx?", {"x": 1}),
        ("x = 1\nx.real??", {"x": 1}),
        ("?len\nx = 1", {"x": 1}),
        ("if True:\n    %pylab\n    x = 1\n", {"x": 1}),
        ("for x in range(2):\n    !echo hi\n", {"x": 1}),
        ("if True:\n    !echo the only line of a block\nx = 1", {"x": 1}),
        ("%%time\nx = 1", {"x": 1}),
        ("\n\n%%timeit -n 3\nx = 1", {"x": 1}),
        ("%%capture out\nx = 1\n%matplotlib inline", {"x": 1}),
        ("%%bash\nrm -rf /", {}),
        ("%%html\n<b>x</b>", {}),
        ("%%writefile softmax.py\nx = 1", {}),
        ("", {}),
        ("# only a comment", {}),
        ("%load_ext autoreload\n%autoreload 2\n!true\nx = 1", {"x": 1}),
    ],
)
def test_magics_shell_lines_and_help_are_left_out(cell: str, names: dict[str, Any]) -> None:
    assert run(cell) == names


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("x = 7 % 4", {"x": 3}),
        ("x = (7\n% 4)", {"x": 3}),
        ("x = '''\n%matplotlib inline\n!ls\n'''", {"x": "\n%matplotlib inline\n!ls\n"}),
        ("x = 1 if 2 != 3 else 0", {"x": 1}),
        ("x = 'who?'", {"x": "who?"}),
        ("x = '%d' % 3", {"x": "3"}),
        ("%matplotlib inline\nx = '''\n!ls\n'''", {"x": "\n!ls\n"}),
        ("!ls\nx = (7\n% 4)", {"x": 3}),
    ],
)
def test_what_is_python_is_never_touched(cell: str, names: dict[str, Any]) -> None:
    assert run(cell) == names


@pytest.mark.parametrize(
    "cell", ["x = = 1", "def f(:\n    pass", "x = (1,\n", "  x = 1", "x = 1 +"]
)
def test_a_cell_that_is_wrong_without_magics_too_is_a_syntax_error(cell: str) -> None:
    with pytest.raises(SyntaxError):
        run(cell)


def test_lines_keep_their_numbers() -> None:
    code = compile_cell("%%time\n!ls\n%pwd\nboom()", "cell 3")
    with pytest.raises(NameError) as caught:
        exec(code, {})
    assert caught.traceback[-1].lineno == 3  # counted from 0
    assert code.co_filename == "cell 3"


def test_a_syntax_error_names_its_own_line_after_magics_were_left_out() -> None:
    with pytest.raises(SyntaxError) as caught:
        compile_cell("%pwd\n!ls\nx = = 1\n", "cell 3")
    assert (caught.value.lineno, caught.value.filename) == (3, "cell 3")


def test_the_graders_own_future_imports_do_not_reach_a_cell() -> None:
    assert run("def f(x: int): pass\nkind = f.__annotations__['x']")["kind"] is int


def test_the_same_cell_is_compiled_once() -> None:
    """Several lessons of a student import the same earlier one, each with a module of its own."""
    first, again, elsewhere = (compile_cell("%pwd\nx = 1", it) for it in ("a.py", "a.py", "b.py"))
    assert first is again
    assert elsewhere.co_filename == "b.py"


def test_many_magics_in_one_cell_are_quick() -> None:
    assert run("%pwd\n" * 300 + "x = 1") == {"x": 1}
