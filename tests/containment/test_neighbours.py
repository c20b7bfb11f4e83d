"""Honest students get the same result, byte for byte, whoever is graded beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Final

import pytest
from corpus import CORPUS, HONEST, NEIGHBOURS, USERS, Program, grade, programs, set_scene

pytestmark = pytest.mark.slow

#: The hostile programs that say how they change the world for others.
HOSTILE: Final = [program for program in programs(CORPUS) if program.kind == "contamination"]


def results(
    factory: pytest.TempPathFactory, level: str, order: Sequence[tuple[str, Program]], *options: str
) -> Mapping[str, str]:
    """Grade programs under these names; the honest students' results, as bytes of JSON."""
    with closing(set_scene(factory.mktemp("n") / "s")) as scene:
        for name, program in order:
            scene.hand_in(name, program)
        students = grade(scene, level, USERS[-1], *options).students
    kept = [*NEIGHBOURS, *(name for name, program in order if program.kind == HONEST.name)]
    # By the program, not by the name that decides the order.
    return {name.partition("~")[2] or name: json.dumps(students[name]) for name in kept}


@pytest.mark.parametrize("level", ["full", "filtered"])
def test_honest_results_are_the_same_alone_in_any_order_in_parallel_and_among_hostile_ones(
    tmp_path_factory: pytest.TempPathFactory, level: str
) -> None:
    honest = [program for program in programs(HONEST) if level in program.levels]
    forwards = [(f"{number:03}~{program}", program) for number, program in enumerate(honest)]
    backwards = [(f"{999 - number:03}~{program}", program) for number, program in enumerate(honest)]
    forwards, backwards = (
        [(name.replace("/", "-"), program) for name, program in order]
        for order in (forwards, backwards)
    )
    hostile = [program for program in HOSTILE if level in program.levels]
    # A hostile student before each honest one, of the same batch and the same sandbox.
    among = [
        *forwards,
        *((f"{number:03}-{hostile[number % len(hostile)].name}", hostile[number % len(hostile)])
          for number in range(len(honest))),
    ]  # fmt: skip
    expected = results(tmp_path_factory, level, forwards, "--jobs", "1")
    assert len(expected) == len(honest) + len(NEIGHBOURS)
    assert all('"status": "graded"' in result for result in expected.values())
    for name, order, jobs in (
        ("in reverse order, in parallel", backwards, "2"),
        ("among hostile neighbours", among, "1"),
        ("among hostile neighbours, in parallel", among, "2"),
    ):
        found = results(tmp_path_factory, level, order, "--jobs", jobs)
        assert {key: (found[key], name) for key in found} == {
            key: (expected[key], name) for key in expected
        }


def test_one_honest_student_alone_gets_what_a_class_gets(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    honest = programs(HONEST)[0]
    alone = results(tmp_path_factory, "full", [], "--jobs", "1")
    together = results(tmp_path_factory, "full", [("more", honest)], "--jobs", "1")
    assert alone == {name: together[name] for name in NEIGHBOURS}
