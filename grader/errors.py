"""All errors of the grader, as one tree.

::

    GraderError              shown to the user as a sentence; exit code 1
    ├─ CourseError           course.yaml, a lesson or a check is inconsistent
    ├─ IntakeError           a submission cannot be read; costs that lesson only
    └─ SandboxError          our end failed; never blamed on a student
       └─ IsolationRefused   the wanted isolation level cannot be had on this machine

Faults of a student's program are not in this tree, because they are results and no errors of ours.
See :mod:`grader.sandbox.faults`.
"""

from __future__ import annotations


class GraderError(Exception):
    """Something that the user has to know. The message says what, where, and what to do next."""


class CourseError(GraderError):
    """The course is inconsistent. The message names the file and the field."""


class IntakeError(GraderError):
    """A submission, or one file of it, cannot be read. The message is the reason in words."""


class SandboxError(GraderError):
    """The sandbox could not do its work, and the student is not the reason."""


class IsolationRefused(SandboxError):
    """The wanted isolation level does not work here. The message names the cause and the fix."""


def reason_in_words(error: Exception) -> str:
    """The reason of an error, in words that follow a colon."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)
