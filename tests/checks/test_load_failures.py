"""A lesson is loaded statement by statement: what fails at its top level costs only itself."""

from __future__ import annotations

from textwrap import dedent
from typing import Final

import numpy as np
import pytest
from one_lesson_class import Grade, check_file, message_of, statuses_of

from grader.checks.load_failures import PYTHON
from grader.results import LessonResult, LessonStatus

IS_RIGHT: Final = check_file(
    "assert student.double(2) == 4", "assert student.triple(2) == 6", args="student"
)
BOTH: Final = "def double(x): return 2 * x\ndef triple(x): return 3 * x\n"

#: Each is put between two right functions. The right value is full marks.
BETWEEN: Final = {
    "a failing assert": "assert double(2) == 5",
    "a typo in a demo": "print(duoble(2))",
    "an exception in a demo": "double()",
    "a plot": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "a plot in a block": "for n in range(2):\n    plt.plot(n)",
    "sys.exit()": "import sys\nsys.exit()",
    "exit()": "exit()",
    "raise SystemExit": "raise SystemExit(0)",
    "unittest.main()": "import unittest\nunittest.main()",
    "unittest.main() and doctest": "import doctest, unittest\ndoctest.testmod()\nunittest.main()",
    "get_ipython()": "get_ipython().run_line_magic('matplotlib', 'inline')",
    "get_ipython() in an expression": "x = get_ipython().getoutput('ls')",
    "a magic": "%matplotlib inline",
    "a shell line": "!pip install torch",
    "input()": "name = input('Your name? ')",
    "a breakpoint": "breakpoint()",
    "pdb": "import pdb\npdb.set_trace()",
    "a missing module": "import torch",
    "a part of a missing module": "from google.colab import drive\ndrive.mount('/content')",
    "several modules": "import os, torch, sys\nsys.path.append('.')\nassert os.name",
    "everything of a missing module": "from seaborn import *",
    "what everything would have had": "from seaborn import *\nheatmap([[1, 2]])",
    "a module of a missing package": "import torch.nn.functional as F\nF.relu(1)",
    "a missing module of a package": "import numpy.missing as missing\nmissing.this()",
    "an import in a class": "class Net:\n    import torch\n    size = torch.int64",
    "an import in a with block": "with open(__name__) as file:\n    import torch",
    "import_module": "import importlib\ntorch = importlib.import_module('torch')\ntorch.ones(2)",
    "__import__": "torch = __import__('torch')",
    "a name that Python had once": "from collections import Mapping",
    "IPython": "from IPython.display import display\ndisplay(double(2))",
    "pytest": "import pytest\n@pytest.mark.parametrize('n', [1])\ndef test_it(n): assert False",
    "a decorator that is not there": "from numba import njit\n@njit\ndef other(x): return x",
    "a class of a missing module": "from torch import nn\nclass Net(nn.Module): pass",
    "a later lesson": "from quadruple import quadruple",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "a generator's end": "raise GeneratorExit",
    "a statement after a semicolon": "x = 1; y = nothing; z = 3",
    "a missing file": "open('scores.csv').read()",
    "an endless loop": "while True: pass",
    "a demo that leaves": "import os\nos._exit(0)",
    "a demo that crashes": "import ctypes\nctypes.string_at(0)",
    "a demo that takes all memory": "kept = []\nwhile True: kept.append(bytes(10**6))",
}


def between(what: str) -> str:
    return f"def double(x): return 2 * x\n{what}\ndef triple(x): return THREE * x\nTHREE = 3\n"


@pytest.mark.slow
def test_what_fails_between_two_right_functions_costs_nothing_and_is_told(grade: Grade) -> None:
    lessons = grade(
        {name: between(text) for name, text in BETWEEN.items()}, IS_RIGHT, solution=BOTH
    )
    harmless = {"a magic", "a shell line", "a breakpoint"}
    for name, lesson in lessons.items():
        assert statuses_of(lesson) == ["passed", "passed"], name
        if name not in harmless:
            assert "everything else counts" in str(lesson.message), name
            assert "double.py, line " in str(lesson.message), name


#: Each gives twice x where torch is not there.
WITHOUT_TORCH: Final = {
    "except ImportError": "try: import torch\nexcept ImportError: torch = None\n"
    "def double(x): return 2 * x if torch is None else torch.tensor(x)",
    "except ModuleNotFoundError": "try:\n    from torch import sum as add\n"
    "except ModuleNotFoundError as error:\n    absent = error.name\n"
    "def double(x): return 2 * x if absent == 'torch' else add(x)",
    "else": "try: import torch.nn as nn\nexcept ImportError: two = 2\nelse: two = 3\n"
    "def double(x): return two * x",
    "a decorator of one's own": "try: from numba import njit\n"
    "except ImportError:\n    def njit(function): return function\n"
    "@njit\ndef double(x): return 2 * x",
    "find_spec": "from importlib.util import find_spec\n"
    "def double(x): return x * (3 if find_spec('torch') else 2)",
    "in the function": "def double(x):\n    try:\n        import torch\n"
    "    except ImportError:\n        return 2 * x\n    return torch.tensor(x)",
    "import_module": "import importlib\ntry: torch = importlib.import_module('torch')\n"
    "except ImportError: torch = None\ndef double(x): return 2 * x if torch is None else 0",
    "suppress": "from contextlib import suppress\ntwo = 2\nwith suppress(ImportError):\n"
    "    import torch\n    two = 3\ndef double(x): return two * x",
    "for a type alone": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch\n"
    "def double(x: 'torch.Tensor'): return 2 * x",
}


@pytest.mark.slow
def test_a_program_that_copes_without_a_module_keeps_its_meaning(grade: Grade) -> None:
    triple = "\ndef triple(x): return 3 * x\n"
    programs = {name: text + triple for name, text in WITHOUT_TORCH.items()}
    for name, lesson in grade(programs, IS_RIGHT, solution=BOTH).items():
        assert (statuses_of(lesson), lesson.message) == (["passed", "passed"], None), name


def test_an_import_in_a_function_costs_what_calls_it_and_says_why(grade: Grade) -> None:
    programs = {
        "import": BOTH + "def double(x):\n    import torch\n    return torch.tensor(2 * x)",
        "from": BOTH + "def double(x):\n    from torch.nn import functional as F\n    return F",
        "import_module": BOTH + "from importlib import import_module\n"
        "def double(x): return import_module('torch').tensor(2 * x)",
    }
    for name, lesson in grade(programs, IS_RIGHT, solution=BOTH).items():
        assert statuses_of(lesson) == ["failed", "passed"], name
        assert "ModuleNotFoundError: No module named 'torch'" in message_of(lesson), name


def test_the_note_says_which_line_and_what_was_left_out(grade: Grade) -> None:
    programs = {
        "ada": "import torch as t\n" + BOTH,
        "bo": BOTH + "\ndouble(None)",
        "cy": "def double(x): return 2 * x\ndef triple(x): raise NotImplementedError\ntriple(4)",
        "di": BOTH + "quit = __import__('sys').exit\nquit()",
        "ed": BOTH + "x = nothing",
    }
    notes = {name: str(it.message) for name, it in grade(programs, IS_RIGHT, solution=BOTH).items()}
    assert notes["ada"] == (
        "double.py, line 1 (`import torch as t`): No module named 'torch' in "
        f"{PYTHON}; only what uses `t` is left out; a lesson may import numpy, Python's own "
        "library and earlier lessons; everything else counts"
    )
    assert notes["bo"].startswith(
        "double.py, line 4 (`double(None)`) calls your double, which raises TypeError: "
    )
    assert notes["cy"].startswith(
        "double.py, line 3 (`triple(4)`) calls your triple, which is not written yet"
    )
    assert notes["di"].startswith("double.py, line 4 (`quit()`) ends the program; it is passed by")
    assert notes["ed"].startswith("double.py, line 3 (`x = nothing`) cannot define `x`: NameError")


def test_what_uses_a_missing_module_says_that_it_is_not_there(grade: Grade) -> None:
    program = """
        import torch
        from torch.nn.functional import softmax
        def double(x: torch.Tensor) -> "torch.Tensor | None":
            return 2 * x if not isinstance(x, torch.Tensor) else None
        def triple(x):
            return softmax(torch.tensor(x) * 3)
    """
    lesson = grade({"ada": dedent(program)}, IS_RIGHT, solution=BOTH)["ada"]
    assert statuses_of(lesson) == ["passed", "failed"]
    said = message_of(lesson, 1)
    assert "ModuleNotFoundError: torch.tensor is not there: No module named 'torch'" in said
    assert "double.py, line 7" in said


def test_an_import_that_fails_takes_no_name_away(grade: Grade) -> None:
    program = BOTH + "from scipy.special import double\n"
    assert grade({"ada": program}, IS_RIGHT, solution=BOTH)["ada"].score == 2


def test_a_function_that_could_not_be_defined_says_why(grade: Grade) -> None:
    programs = {
        "ada": "from numba import njit\n@njit\ndef double(x): return 2 * x\ndef f(): pass",
        "bo": "double = lambda x: 2 * x\ndouble = double(4)\n",
        "cy": "import numpy as np\ndef double(x): return 2 * x\nfor double in range(3): pass\n",
    }
    lessons = grade(programs, check_file("assert student.double(2) == 4", args="student"))
    said = {name: message_of(lesson) for name, lesson in lessons.items()}
    assert "`double` is not there, since double.py, line 3 (`def double" in said["ada"]
    assert "njit is not there: No module named 'numba'" in said["ada"]
    assert "`double` is an int at the end: double.py, line 2 (`double = double(4)`)" in said["bo"]
    assert "`double` is an int at the end: double.py, line 3 (`for double in" in said["cy"]


BROKEN_CELL: Final = """
# %%
def double(x): return 2 * x

# %% [markdown]
# Now three times.

# %%
def other(x):
    return (x

# %%
def triple(x): return 3 * x
"""


def test_a_syntax_error_in_a_cell_of_a_script_costs_this_cell(grade: Grade) -> None:
    lesson = grade({"ada": BROKEN_CELL}, IS_RIGHT, solution=BOTH)["ada"]
    assert statuses_of(lesson) == ["passed", "passed"]
    assert str(lesson.message).startswith(
        "double.py, line 10 (`return (x`) does not compile in Python 3."
    )


def test_what_is_wrong_in_a_cell_is_said_once(grade: Grade) -> None:
    program = BROKEN_CELL.replace("def other", "def triple").partition("\n# %%\ndef triple(x): ")[0]
    lesson = grade({"ada": program}, IS_RIGHT, solution=BOTH)["ada"]
    assert statuses_of(lesson) == ["passed", "failed"]
    assert "'(' was never closed (each opening bracket" in str(lesson.message)
    assert message_of(lesson, 1).partition("no answer: ")[2] == (
        "`triple` is not there, since the cell of double.py, line 10 (`return (x`) does not compile"
    )


def test_a_syntax_error_outside_of_cells_costs_the_lesson(grade: Grade) -> None:
    lesson = grade({"ada": BOTH + "x = = 1"}, IS_RIGHT, solution=BOTH)["ada"]
    assert lesson.status is LessonStatus.UNREADABLE
    assert "in line 3 (`x = = 1`)" in str(lesson.message)


def test_no_folder_of_this_machine_is_in_a_message(grade: Grade) -> None:
    program = BOTH + f"from numpy import no_such_name\nopen({np.__file__!r} + 'x')"
    lesson: LessonResult = grade({"ada": program}, IS_RIGHT, solution=BOTH)["ada"]
    assert "cannot import name 'no_such_name'" in str(lesson.message)
    assert "site-packages" not in str(lesson.message).replace("`", "").split("open(")[0]
