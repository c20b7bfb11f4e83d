"""A test cell refuses what is not there when the notebook is graded, and nothing else."""

from __future__ import annotations

import math
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

from grader.classroom.notebook_imports import refuse_notebook_imports

LESSONS = ["double", "visible_checks"]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def save(*cells: str) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(it) for it in cells])
    Path("twice.ipynb").write_text(nbformat.writes(notebook), "utf-8")


def refused(**notebook: object) -> list[str]:
    return refuse_notebook_imports("twice", notebook, ["numpy"], LESSONS)


@pytest.mark.parametrize(
    ("cell", "module"),
    [
        ("import matplotlib.pyplot as plt", "matplotlib.pyplot"),
        ("%matplotlib inline\nimport numpy as np, torch", "torch"),
        ("from google.colab import drive", "google.colab"),
        ("import pytest", "pytest"),
        ("def double(x):\n    from torch import tensor\n    return tensor(x)", "torch"),
        ("try:\n    import torch\nexcept ValueError:\n    pass", "torch"),
    ],
)
def test_an_import_that_fails_in_grading_is_refused_with_its_cell_and_python(
    cell: str, module: str
) -> None:
    save("import numpy as np", cell)
    (sentence,) = refused()
    assert sentence.startswith("twice.ipynb, cell 2, line ")
    assert f"imports {module}, which is not there when your work is graded in Python 3." in sentence
    assert "a lesson may import numpy, Python's own library and earlier lessons" in sentence


@pytest.mark.parametrize(
    "cell",
    [
        "import numpy.linalg as la, math, os.path",
        "from double import double",
        "import visible_checks",
        "from . import something",
        "from __future__ import annotations",
        'if __name__ == "__main__":\n    import matplotlib.pyplot as plt',
        "try:\n    import torch\nexcept ImportError:\n    torch = None",
        "try:\n    import torch\nexcept (KeyError, ModuleNotFoundError):\n    torch = None",
        "this is no code",
        "text = 'import torch'",
    ],
)
def test_what_works_in_grading_is_not_refused(cell: str) -> None:
    save(cell)
    assert refused() == []


def test_a_cell_that_ran_and_is_not_saved_yet_counts_while_its_name_is_there() -> None:
    torch = ModuleType("torch")
    ran = ["", "import torch", "import scipy"]
    (sentence,) = refused(In=ran, torch=torch)
    assert "your notebook, cell 2, line 1 (`import torch`) imports torch" in sentence
    assert refused(In=ran, torch=math) == []
