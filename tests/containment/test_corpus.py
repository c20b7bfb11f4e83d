"""Each hostile program gets the verdict in its head, tells no secret, leaves nothing behind.

One command grades the whole corpus, for each level and user. The tests then look at its outcome
program by program; a program that fails is a subtest of its own name.
"""

from __future__ import annotations

import base64
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from corpus import CORPUS, HONEST, USERS, Program, Run, grade, programs, set_scene

LEVELS: Final = ("process", "filtered", "full")  # the slowest first
#: All programs; with the variable PROGRAM, those whose names contain it.
EVERYTHING: Final = tuple(
    program
    for program in (*programs(CORPUS), *programs(HONEST))
    if os.environ.get("PROGRAM", "") in str(program)
)

each_program = pytest.mark.parametrize("program", EVERYTHING, ids=map(str, EVERYTHING))


@dataclass(frozen=True)
class CorpusRun:
    """The corpus, graded at a level by a user."""

    level: str
    user: str
    run: Run

    @property
    def programs(self) -> list[Program]:
        """The programs that this level promises to hold."""
        return list(programs_for(self.level, self.user))


def programs_for(level: str, user: str) -> Iterator[Program]:
    """The programs that a level promises to hold, if this user has to try them.

    `process` changes no user and takes no privilege away. What it holds for root, who may do more,
    it holds for others; it starts a Python for each lesson, which takes longest of all.
    """
    for program in EVERYTHING:
        known = level == "process" and user != USERS[0] and program.is_held(level, USERS[0])
        if level in program.levels and not (known and program.kind != HONEST.name):
            yield program


def is_followed(program: Program, level: str) -> bool:
    """Whether the lesson after a program is graded, too.

    At `process`, it has a process of its own: only what attacks can leave something for it.
    """
    return level != "process" or program.kind != HONEST.name


@pytest.fixture(
    scope="module",
    params=[
        # Side by side, a run is made by one process of the tests, for all tests that look at it.
        pytest.param(
            (level, user), id=f"{level}-{user}", marks=pytest.mark.xdist_group(level + user)
        )
        for level in LEVELS
        for user in USERS
    ],
)
def corpus_run(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CorpusRun]:
    """Grade the whole corpus, once for all tests that look at this level and user."""
    level, user = request.param
    with closing(set_scene(tmp_path_factory.mktemp("corpus") / "scene")) as scene:
        for program in programs_for(level, user):
            scene.hand_in(program.student, program, is_followed=is_followed(program, level))
        yield CorpusRun(level, user, grade(scene, level, user, "--jobs", "2"))


def messages(lesson: Any) -> str:
    checks = [check["message"] for check in lesson["checks"]]
    return "\n".join(message for message in (lesson["message"], *checks) if message)


@pytest.mark.slow
def test_each_program_gets_the_verdict_in_its_head(
    corpus_run: CorpusRun, subtests: pytest.Subtests
) -> None:
    for program in corpus_run.programs:
        if not program.is_held(corpus_run.level, corpus_run.user):
            continue
        with subtests.test(msg=str(program)):
            said = messages(corpus_run.run.lesson(program.student, program.lesson))
            verdict = corpus_run.run.verdict(program)
            assert verdict == program.verdict(corpus_run.level), said
            assert program.head.get("Says", "") in said
            if "Never says" in program.head:
                assert program.head["Never says"] not in said


@pytest.mark.slow
def test_the_lesson_after_a_hostile_one_finds_nothing_amiss(
    corpus_run: CorpusRun, subtests: pytest.Subtests
) -> None:
    for program in corpus_run.programs:
        if not is_followed(program, corpus_run.level):
            continue
        with subtests.test(msg=str(program)):
            after = corpus_run.run.lesson(program.student, "after")
            outcome = (after["status"], after["score"])
            assert outcome == ("graded", after["max_score"]), messages(after)


@pytest.mark.slow
def test_no_canary_is_in_any_output(corpus_run: CorpusRun) -> None:
    traces = corpus_run.run.traces()
    assert {"stdout", "stderr"} < traces.keys()
    assert any(place.endswith("results.json") for place in traces)
    for canary in corpus_run.run.scene.canaries.values():
        secret = canary.rpartition("-")[2]
        forms = [secret, secret[::-1], secret.encode().hex()]
        forms += [base64.b64encode(bytes(n) + secret.encode())[4:-4].decode() for n in range(3)]
        for place, data in traces.items():
            assert not [form for form in forms if form.encode() in data], (place, canary)


@pytest.mark.slow
def test_no_hostile_program_reaches_the_network(corpus_run: CorpusRun) -> None:
    if corpus_run.level != "process":  # which does not promise it
        assert corpus_run.run.scene.visitors() == []


@pytest.mark.slow
def test_nothing_is_left_of_a_hostile_class(corpus_run: CorpusRun) -> None:
    run = corpus_run.run
    assert run.survivors == set()
    assert list((run.scene.folder / "tmp").iterdir()) == []
    assert sorted(path.name for path in run.scene.folder.iterdir()) == [
        "course", "out", "secret.txt", "socket", "submissions", "tmp"
    ]  # fmt: skip
    assert list(run.scene.submissions.glob("planted*")) == []
    word, key = run.scene.places["WORD"], int(run.scene.places["KEY"])
    for place in ("/tmp", "/dev/shm", "/var/tmp", "/run"):
        assert list(Path(place).glob(f"planted*{word}*")) == []
    for kind in ("shm", "sem", "msg"):
        rows = Path(f"/proc/sysvipc/{kind}").read_text("ascii").splitlines()[1:]
        assert [row for row in rows if int(row.split()[0]) == key] == []


@pytest.mark.slow
def test_no_output_acts_on_a_terminal_or_a_spreadsheet(corpus_run: CorpusRun) -> None:
    for place, data in corpus_run.run.traces().items():
        if data.startswith(b"SQLite format 3"):
            continue  # the store; the other files show what it holds
        text = data.decode().replace("\r\n", "\n")
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text), place
        if place.endswith(".csv"):
            assert not re.search(r'(^|,)"?[=+\-@]', text, flags=re.MULTILINE)


@pytest.mark.slow
def test_no_fault_of_a_hostile_program_counts_as_ours(corpus_run: CorpusRun) -> None:
    results = corpus_run.run.scene.folder / "out" / "results.json"
    assert b"grader_error" not in results.read_bytes()


@pytest.mark.slow
def test_the_input_of_a_hidden_check_is_in_no_output(corpus_run: CorpusRun) -> None:
    """The numbers that the hidden check of `double` draws, to three digits or more."""
    drawn = np.random.Generator(np.random.PCG64(zlib.crc32(b"test_values"))).normal(size=(3, 4))
    for place, data in corpus_run.run.traces().items():
        for number in np.abs(drawn).ravel():
            digits = f"{number:.12f}"[:5]
            assert digits.encode() not in data, (place, digits)


@each_program
def test_a_program_says_what_it_wants_and_which_levels_hold_it(program: Program) -> None:
    assert {"Wants", "Levels", "Verdict"} <= program.head.keys()
    assert "full" in program.levels
    assert set(program.levels) <= set(LEVELS)


def test_the_corpus_covers_four_kinds_with_seventy_programs_or_more() -> None:
    hostile = programs(CORPUS)
    assert len(hostile) >= 70
    kinds = {"integrity", "confidentiality", "availability", "contamination"}
    assert {program.kind for program in hostile} == kinds
    for level in ("full", "filtered"):
        assert sum(level in program.levels for program in hostile) >= 70
