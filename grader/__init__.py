"""A grader for Python courses: ordinary pytest checks, student code in a sandbox of its own."""

import importlib

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """``check``, for notebooks: ``from grader import check``.

    While a notebook is graded, the grader is out of its reach; then it does nothing, and the
    notebook runs as in the student's own kernel.
    """
    if name != "check":
        raise AttributeError(name)
    try:
        kernel = importlib.import_module("grader.learner.kernel")
    except ImportError:
        return lambda lesson=None: None
    kernel.import_lessons_here()
    return kernel.check
