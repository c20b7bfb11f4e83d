"""Each hostile program gets the verdict in its head, tells no secret, leaves nothing behind."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from corpus import CORPUS, HONEST, USERS, Program, Run, grade, programs, set_scene

LEVELS = ("full", "filtered", "process")
EVERYTHING = (*programs(CORPUS), *programs(HONEST))

each_program = pytest.mark.parametrize("program", EVERYTHING, ids=map(str, EVERYTHING))
each_run = pytest.mark.parametrize(
    ("level", "user"), [(level, user) for level in LEVELS for user in USERS]
)
each_program_that_is_run = pytest.mark.parametrize(
    ("program", "level", "user"),
    [
        pytest.param(program, level, user, id=f"{level}-{user}-{program}")
        for program in EVERYTHING
        for level in program.levels
        for user in USERS
    ],
)

Graded = Callable[[str, str], Run]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    """Grade the whole corpus at a level, as a user; once for all tests that ask for it."""
    with ExitStack() as stack:

        @cache
        def grade_corpus(level: str, user: str) -> Run:
            scene = set_scene(tmp_path_factory.mktemp("corpus") / "scene")
            stack.enter_context(closing(scene))
            for program in EVERYTHING:
                if level in program.levels:
                    scene.hand_in(program.student, program.text)
            return grade(scene, level, user, "--jobs", "2")

        yield grade_corpus


def messages(lesson: Any) -> str:
    checks = [check["message"] for check in lesson["checks"]]
    return "\n".join(message for message in (lesson["message"], *checks) if message)


@pytest.mark.slow
@each_program_that_is_run
def test_a_program_gets_the_verdict_in_its_head(
    graded: Graded, program: Program, level: str, user: str
) -> None:
    if user == "root" and level in program.head.get("Not held for root at", ""):
        pytest.skip("no limit of the kernel's holds for root, which workers of `process` stay")
    run = graded(level, user)
    lesson = run.lesson(program.student, "target")
    assert run.verdict(program.student) == program.verdict(level), messages(lesson)
    assert program.head.get("Says", "") in messages(lesson)
    if "Never says" in program.head:
        assert program.head["Never says"] not in messages(lesson)


@pytest.mark.slow
@each_program_that_is_run
def test_the_lesson_after_a_hostile_one_finds_nothing_amiss(
    graded: Graded, program: Program, level: str, user: str
) -> None:
    after = graded(level, user).lesson(program.student, "after")
    assert (after["status"], after["score"]) == ("graded", after["max_score"]), messages(after)


@pytest.mark.slow
@each_run
def test_no_canary_is_in_any_output(graded: Graded, level: str, user: str) -> None:
    run = graded(level, user)
    traces = run.traces()
    assert {"stdout", "stderr"} < traces.keys()
    assert any(place.endswith("results.json") for place in traces)
    for canary in run.scene.canaries.values():
        secret = canary.rpartition("-")[2]
        forms = [secret, secret[::-1], secret.encode().hex()]
        forms += [base64.b64encode(bytes(n) + secret.encode())[4:-4].decode() for n in range(3)]
        for place, data in traces.items():
            assert not [form for form in forms if form.encode() in data], (place, canary)


@pytest.mark.slow
@each_run
def test_nobody_hears_from_a_hostile_program(graded: Graded, level: str, user: str) -> None:
    if level == "process":
        pytest.skip("`process` does not claim to close the network")
    assert graded(level, user).scene.visitors() == []


@pytest.mark.slow
@each_run
def test_nothing_is_left_of_a_hostile_class(graded: Graded, level: str, user: str) -> None:
    run = graded(level, user)
    assert run.survivors == set()
    assert list((run.scene.folder / "tmp").iterdir()) == []
    assert sorted(path.name for path in run.scene.folder.iterdir()) == [
        "course", "out", "secret.txt", "socket", "submissions", "tmp"
    ]  # fmt: skip
    places = ["/tmp", "/dev/shm", "/var/tmp", "/run", str(run.scene.submissions)]
    left = [path for place in places for path in Path(place).glob("planted*")]
    assert left == []
    for kind in ("shm", "sem", "msg"):
        rows = Path(f"/proc/sysvipc/{kind}").read_text("ascii").splitlines()[1:]
        assert [row for row in rows if int(row.split()[0]) == 0x9A7ED] == []


@pytest.mark.slow
@each_run
def test_what_a_hostile_program_says_cannot_act_on_a_terminal_or_a_spreadsheet(
    graded: Graded, level: str, user: str
) -> None:
    for place, data in graded(level, user).traces().items():
        if data.startswith(b"SQLite format 3"):
            continue  # the store; what is shown of it is in the other files
        text = data.decode().replace("\r\n", "\n")
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text), place
        if place.endswith(".csv"):
            assert not re.search(r'(^|,)"?[=+\-@]', text, flags=re.MULTILINE)


@pytest.mark.slow
@each_run
def test_no_fault_of_a_hostile_program_is_taken_for_ours(
    graded: Graded, level: str, user: str
) -> None:
    run = graded(level, user)
    assert b"grader_error" not in (run.scene.folder / "out" / "results.json").read_bytes()


@pytest.mark.slow
@each_run
def test_the_input_of_a_hidden_check_is_in_no_output(graded: Graded, level: str, user: str) -> None:
    """The numbers that the hidden check of `double` draws, to three digits or more."""
    drawn = np.random.Generator(np.random.PCG64(zlib.crc32(b"test_values"))).normal(size=(3, 4))
    for place, data in graded(level, user).traces().items():
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
