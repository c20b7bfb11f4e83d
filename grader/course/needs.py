"""What a course wants of the sandbox, in the sandbox's terms. Imports little, to be there early."""

from __future__ import annotations

from grader.course import Course
from grader.sandbox.levels import SandboxLimits

_MIB = 1024 * 1024


def sandbox_limits(course: Course) -> SandboxLimits:
    """The limits of every call and lesson."""
    limits = course.limits
    return SandboxLimits(
        cpu_seconds_per_call=limits.cpu_seconds_per_call,
        wall_seconds_per_call=limits.wall_seconds_per_call,
        seconds_per_lesson=limits.seconds_per_lesson,
        memory_bytes=limits.memory_mib * _MIB,
        output_bytes=limits.output_kib * 1024,
    )


def sandbox_packages(course: Course) -> tuple[str, ...]:
    """What student code may import, by import name."""
    return tuple(dict.fromkeys(["numpy", *course.packages]))  # numpy: the wire format needs it
