"""Compares the exceptions of calls that a function is to refuse, if all its values are right.

To refuse vectors of different lengths with a TypeError, or by a bare ``assert``, is a mistake of
its own where the task asks for a ValueError.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader.sandbox.faults import Raised, StudentFault


def name_wrong_exception(
    refused: Iterable[tuple[BaseException | None, BaseException | None]],
) -> str | None:
    """What is wrong with all exceptions that are wrong, in words that complete "looks like …".

    Args:
        refused: the exception that is due and the one that came, call by call. None stands for a
            value.

    Returns:
        None if none of them is wrong, or if they are wrong in several ways.
    """
    pairs = {
        f"{_name(came)} where {_name(due)} is due"
        for due, came in refused
        if due is not None and not isinstance(came, type(due))
    }
    return pairs.pop() if len(pairs) == 1 else None


def _name(error: BaseException | None) -> str:
    builtin = next((kind for kind in type(error).__mro__ if kind.__module__ == "builtins"), object)
    if error is None or (isinstance(error, StudentFault) and not isinstance(error, Raised)):
        return "an answer"
    return f"{'an' if builtin.__name__[0] in 'AEIOU' else 'a'} `{builtin.__name__}`"
