"""Every wrong step of every lesson, alone and in pairs: each is told by its own name.

A pair of mistakes is told as both, or as the one to mend first; never by the name of a third.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import combinations
from typing import Final

import pytest
from places import REPOSITORY

from grader.checks.reference import ReferenceCallee
from grader.course import Course, Lesson
from grader.diagnosis.known_mistakes import KnownMistakes, Version
from grader.diagnosis.probes import ask_version
from grader.diagnosis.reply_digests import digest_replies
from grader.diagnosis.variants import Steps, read_variants
from grader.grading.grading_process import load_references

COURSE: Final = Course.load(REPOSITORY)
LESSONS: Final = [lesson for lesson in COURSE.lessons if lesson.variants.is_file()]

#: Pairs that do, with every input, what one other mistake does alone: it is the simpler story.
SAME_AS_ONE: Final = frozenset(map(frozenset, [
    ("wrong-norm", "norm-multiplies"), ("rescaled-scores", "normalised-relu"),
    ("wrong-base", "rounded"), ("normalised-sigmoid", "not-normalised"),
    ("divides-in-exponent", "log-softmax"), ("swapped-q-k", "wrong-softmax-axis"),
    ("swapped-q-k", "transposed-weights"), ("wrong-softmax-axis", "transposed-weights"),
    ("ignores-keys", "queries-as-values"), ("swapped-return", "only-output"),
    ("swapped-return", "only-weights"), ("returns-too-early", "sorted"),
    ("keeps-last-term", "sorted"),
]))  # fmt: skip


def pairs_of(lesson: Lesson) -> Iterator[Steps]:
    """Every two mistakes in different steps, each in one coding."""
    variants = read_variants(COURSE, lesson, load_references(COURSE))
    every = variants.wrong_steps if variants else ()
    steps = {(it.step, it.mistake): it for it in reversed(every)}.values()
    for one, other in combinations(list(steps)[::-1], 2):
        if one.step != other.step and one.mistake != other.mistake:
            yield one, other


def told_of(known: KnownMistakes, version: Version) -> tuple[frozenset[str], bool]:
    """The names that a version gets at the first function that has any; whether none is wrong."""
    right = True
    for name in known.functions:
        if name in version.breaks:
            replies = known.replies(version, name)
            right = right and not known.is_wrong(name, replies)
            digests = digest_replies(known.probes[name], replies)
            if digests and (versions := known.versions_like(name, digests)):
                return versions[0].ids, False
    return frozenset(), right


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda it: it.id)
def test_pairs_of_wrong_steps_are_told_as_both_or_as_one_of_them(lesson: Lesson) -> None:
    known = KnownMistakes(COURSE, lesson, load_references(COURSE), ())
    untold: list[str] = []
    thirds: list[str] = []
    count = 0
    for steps in pairs_of(lesson):
        version = known.version_of(steps)
        told, right = told_of(known, version)
        if right:  # one mistake undoes the other
            continue
        count += 1
        names = " + ".join(step.name for step in steps)
        mistakes = frozenset(step.mistake for step in steps)
        if not told:
            untold.append(names)
        elif not told <= version.ids and mistakes not in SAME_AS_ONE:
            thirds.append(f"{names}: {sorted(told)}")
    assert thirds == []
    assert len(untold) <= 0.05 * count, (len(untold), count, untold[:40])


@pytest.mark.slow
def test_all_combinations_of_a_course_are_asked_in_ten_seconds() -> None:
    begin = time.process_time()
    references = load_references(COURSE)
    for lesson in LESSONS:
        known = KnownMistakes(COURSE, lesson, references, ())
        for name in known.functions:
            unlike_all = ReferenceCallee(references[lesson.id], altered=True)
            replies = [ask_version(unlike_all, probe) for probe in known.probes[name]]
            digests = digest_replies(known.probes[name], replies)
            assert digests is not None
            assert known.versions_like(name, digests) == []
    assert time.process_time() - begin < 10
