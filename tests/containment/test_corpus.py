"""Every hostile program gets the verdict in its head, tells no secret, and leaves nothing behind."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Program, Run

    Graded = Callable[[str, str], Run]

pytestmark = pytest.mark.slow

RUNS = [
    pytest.param(level, user, id=f"{level}-{user}")
    for level in ("full", "filtered", "process")
    for user in (("root", "ordinary") if os.geteuid() == 0 else ("ordinary",))
]
each_run = pytest.mark.parametrize(("level", "user"), RUNS)


def messages(lesson: Any) -> str:
    checks = [check["message"] for check in lesson["checks"]]
    return "\n".join(message for message in (lesson["message"], *checks) if message)


def test_a_hostile_program_gets_the_verdict_in_its_head(
    graded: Graded, program: Program, level: str, user: str
) -> None:
    run = graded(level, user)
    lesson = run.lesson(program.student, "target")
    assert run.verdict(program.student) == program.verdict(level), messages(lesson)
    assert program.head.get("Says", "") in messages(lesson)
    if "Never says" in program.head:
        assert program.head["Never says"] not in messages(lesson)


def test_the_lesson_after_a_hostile_one_finds_nothing_amiss(
    graded: Graded, program: Program, level: str, user: str
) -> None:
    after = graded(level, user).lesson(program.student, "after")
    assert (after["status"], after["score"]) == ("graded", after["max_score"]), messages(after)


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


@each_run
def test_nobody_hears_from_a_hostile_program(graded: Graded, level: str, user: str) -> None:
    if level == "process":
        pytest.skip("`process` does not claim to close the network")
    assert graded(level, user).scene.visitors() == 0


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


@each_run
def test_what_a_hostile_program_says_cannot_act_on_a_terminal_or_a_spreadsheet(
    graded: Graded, level: str, user: str
) -> None:
    for place, data in graded(level, user).traces().items():
        text = data.decode().replace("\r\n", "\n")
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text), place
        if place.endswith(".csv"):
            assert not re.search(r'(^|,)"?[=+\-@]', text, flags=re.MULTILINE)


@each_run
def test_no_fault_of_a_hostile_program_is_taken_for_ours(
    graded: Graded, level: str, user: str
) -> None:
    run = graded(level, user)
    assert b"grader_error" not in (run.scene.folder / "out" / "results.json").read_bytes()


def test_a_hostile_program_says_what_it_wants(program: Program) -> None:
    assert {"Wants", "Levels", "Verdict"} <= program.head.keys()
    assert set(program.levels) <= {"full", "filtered", "process"}
    assert "full" in program.levels
