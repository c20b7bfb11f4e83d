"""How long does it take to know a course's mistakes, and to look one function up among them?

``python benchmarks/known_mistakes.py`` prints, for each function of a course with known mistakes:
how many wrong versions there are (one, two and three mistakes at once), the CPU time in which a
process asks them all, once, and the CPU time of a lookup after that.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from grader.course import Course
from grader.diagnosis.known_mistakes import KnownMistakes
from grader.diagnosis.probes import Reply
from grader.diagnosis.reply_digests import digest_replies
from grader.grading.grading_process import load_references

_LOOKUPS: Final = 30  # of versions with one mistake


class Figures(NamedTuple):
    """What is measured of one function."""

    function: str
    versions: int
    seconds: float  # to ask all versions
    lookup: float  # seconds

    def __str__(self) -> str:
        return (
            f"{self.function:44}{self.versions:7,} wrong {self.seconds:6.2f} s"
            f"{self.lookup * 1e6:8,.0f} µs a lookup"
        )


def measure(course: Course) -> Iterator[Figures]:
    """Measure every function that some known mistake breaks."""
    references = load_references(course)
    for lesson in course.lessons:
        start = time.process_time()
        known = KnownMistakes(course, lesson, references, ())
        reading = time.process_time() - start
        for name in known.functions:
            wrong = [version for version in known.versions if name in version.breaks]
            if not wrong:
                continue
            probes = known.probes[name]
            replies = [known.replies(version, name) for version in wrong[:_LOOKUPS]]
            start = time.process_time()
            unlike_all = digest_replies(probes, [_like_none(reply) for reply in replies[0]])
            assert unlike_all is not None
            known.versions_like(name, unlike_all)  # so all are asked
            seconds, reading = time.process_time() - start + reading, 0.0
            start = time.process_time()
            for own in replies:
                if digests := digest_replies(probes, own):
                    known.versions_like(name, digests)
            lookup = (time.process_time() - start) / len(replies)
            yield Figures(f"{lesson.id}.{name}", known.count_versions(name), seconds, lookup)


def _like_none(reply: Reply) -> Reply:
    """A reply that no known mistake gives."""
    return reply if reply.error else replace(reply, value="nothing known")


def main(folder: Path) -> None:
    """Print the figures of a course, and their sum."""
    total = 0.0
    for figures in measure(Course.load(folder)):
        total += figures.seconds
        print(figures)
    print(f"{total:.1f} s for the course, in each process that names mistakes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent)
