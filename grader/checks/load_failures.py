"""Messages about a lesson that could be loaded only in part, or not at all."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Sequence
from typing import Final

from grader.checks import exception_advice, syntax_advice
from grader.sandbox.faults import Failure, FailureKind, Place, Raised, StudentFault
from grader.text import clean
from grader.text.wording import list_some

_REFUSALS: Final = frozenset({"SyntaxError", "IndentationError", "TabError"})
_MOST_TOLD: Final = 3  # failures in one note
_MAX_LINE: Final = 60  # characters of a quoted line

#: The Python that runs the lessons here.
PYTHON: Final = f"Python {sys.version_info.major}.{sys.version_info.minor}"


def explain_import(fault: StudentFault, filename: str) -> str:
    """Say why a lesson could not be imported, in one sentence.

    Args:
        fault: that ended its import.
        filename: the name under which it was handed in.
    """
    if not isinstance(fault, Raised):
        return clean(f"{filename} could not be imported: {fault}", limit=500)
    refused = fault.type_name in _REFUSALS
    verb = f"{'does not compile' if refused else 'stops while it is imported'} in {PYTHON}"
    subject, where = filename, ""
    if fault.place is not None:
        where = f", in line {fault.place.line} (`{fault.place.text}`)"
        if fault.place.filename.partition(",")[0] != filename:
            subject = f"{filename} imports {fault.place.filename}, which"
    said = clean(f"{subject} {verb}{where}: {_reason(fault)}", limit=500)
    means = syntax_advice.on_import(fault)
    if means is None and not refused:
        means = exception_advice.on_exception(fault)
    if means:
        said += f". This means: {means}"
    return said


def tell_failures(failures: Sequence[Failure], packages: Sequence[str] = ()) -> str | None:
    """One sentence on the statements that failed while a lesson was loaded; None without any.

    Args:
        failures: of the lesson's top-level statements.
        packages: those that the course lists.
    """
    # A statement that failed only because of an import would tell nothing new.
    failures = [failure for failure in failures if not _follows_from_an_import(failure)]
    if not failures:
        return None
    said = [clean(tell(failure), limit=400) for failure in failures[:_MOST_TOLD]]
    if rest := len(failures) - _MOST_TOLD:
        said += [f"and {rest} more"] if rest > 0 else []
    if any(is_about_packages(failure) for failure in failures):
        said.append(say_allowed(packages))
    return "; ".join([*said, "everything else counts"])


def meaning_of(failure: Failure) -> str:
    """What the failure means, in words for beginners; empty if we have none."""
    if not isinstance(failure.error, Raised):
        return ""
    if failure.kind is FailureKind.CELL:
        return syntax_advice.on_import(failure.error) or ""
    return exception_advice.on_exception(failure.error) or ""


def tell(failure: Failure, *, advise: bool = True) -> str:
    """Which statement failed, why, and what it costs.

    Args:
        failure: of a top-level statement.
        advise: whether to add what it means.
    """
    where = describe_place(failure.place)
    error = failure.error
    names = list_some([f"`{name}`" for name in failure.names if name != "*"])
    means = meaning_of(failure) if advise else ""
    meaning = f" ({means})" if means else ""
    match failure.kind:
        case FailureKind.IMPORT:
            reason = _reason(error).removeprefix("ModuleNotFoundError: ")
            if isinstance(error, Raised) and error.type_name in _REFUSALS and error.place:
                reason = f"{error.place.filename} does not compile (line {error.place.line})"
            in_python = f" in {PYTHON}" if _depends_on_python(failure) else ""
            return f"{where}: {reason}{in_python}; only what uses {names or 'it'} is left out"
        case FailureKind.DEFINITION:
            return f"{where} cannot define {names}: {_reason(error)}"
        case FailureKind.CELL:
            words = f"{where} does not compile in {PYTHON}: {_reason(error)}"
            return words + meaning + "; its cell is left out"
        case FailureKind.REST:
            return (
                f"the rest of its cell, from {where} on, did not run, because of {_reason(error)}"
            )
        case FailureKind.ENDED:
            return (
                f"{where} is left out, and so is what comes after it and is no definition: "
                f"{_reason(error)}"
            )
    if not isinstance(error, Raised):
        return f"{where} fails: {_reason(error)}"
    if failure.subject and error.type_name == "NotImplementedError":
        return f"{where} calls your {failure.subject}, which is not written yet"
    if error.type_name == "SystemExit":
        return f"{where} ends the program; it is passed by"
    calls = f"calls your {failure.subject}, which raises" if failure.subject else "raises"
    return f"{where} {calls} {_reason(error)}{meaning}"


def describe_place(place: Place | None) -> str:
    """The name of a line in messages: its file, its number and its beginning."""
    if place is None:
        return "a line"
    text = place.text if len(place.text) <= _MAX_LINE else f"{place.text[:_MAX_LINE]}…"
    return f"{place.filename}, line {place.line} (`{text}`)"


def is_about_packages(failure: Failure) -> bool:
    """Whether the lesson imports a module that is not there."""
    if failure.kind is not FailureKind.IMPORT or not isinstance(failure.error, Raised):
        return False
    module = failure.subject.partition(".")[0]
    missing = failure.error.text.startswith("No module named ")
    return missing and failure.error.type_name == "ModuleNotFoundError" and bool(module)


def _depends_on_python(failure: Failure) -> bool:
    """Whether another Python may have what could not be imported: no lesson has."""
    return (
        is_about_packages(failure) or failure.subject.partition(".")[0] in sys.stdlib_module_names
    )


def say_allowed(packages: Sequence[str]) -> str:
    """Say what a lesson may import."""
    allowed = [*(packages or ["numpy"]), "Python's own library"]
    return f"a lesson may import {', '.join(allowed)} and earlier lessons"


def refuse_imports(
    failures: Sequence[Failure], packages: Sequence[str], lessons: Collection[str]
) -> list[str]:
    """A sentence for each import that will fail when the lesson is graded.

    Args:
        failures: of the lesson's top-level statements.
        packages: those that the course lists.
        lessons: their ids. A lesson that is not there is no forbidden module.
    """
    return [
        say_refused(failure.place, failure.subject, packages)
        for failure in failures
        if is_about_packages(failure) and failure.subject.partition(".")[0] not in lessons
    ]


def say_refused(place: Place | None, module: str, packages: Sequence[str]) -> str:
    """Say that a line imports what is not there when the lesson is graded, and what to do."""
    return clean(
        f"{describe_place(place)} imports {module}, which is not there when your work is graded "
        f"in {PYTHON}: {say_allowed(packages)}. Take the line out. To keep a plot or a demo for "
        'yourself, import and use it under `if __name__ == "__main__":` at the end',
        limit=500,
    )


def _follows_from_an_import(failure: Failure) -> bool:
    error = failure.error
    return (
        failure.kind is FailureKind.STATEMENT
        and isinstance(error, Raised)
        and isinstance(error, ImportError)
        and " is not there: " in error.text
    )


def _reason(fault: StudentFault) -> str:
    # Python's own text of a syntax error ends with "(file, line 6)", which is said already.
    return re.sub(r" \([^()]*, line \d+\)$", "", fault.in_words)
