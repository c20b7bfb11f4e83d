"""Honest students get the same result, byte for byte, whoever is graded beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import cache
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


def in_order(level: str, *, backwards: bool = False) -> list[tuple[str, Program]]:
    """The honest programs of a level under names that give this order."""
    honest = [program for program in programs(HONEST) if level in program.levels]
    numbers = range(999, 0, -1) if backwards else range(999)
    return [
        (f"{number:03}~{program}".replace("/", "-"), program)
        for number, program in zip(numbers, honest, strict=False)
    ]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Mapping[str, str]]:
    """The results of the honest students of a level among themselves, one after the other."""
    return cache(lambda level: results(tmp_path_factory, level, in_order(level), "--jobs", "1"))


@pytest.mark.parametrize("level", ["full", "filtered"])
def test_honest_results_are_the_same_alone_in_any_order_in_parallel_and_among_hostile_ones(
    alone: Callable[[str], Mapping[str, str]], tmp_path_factory: pytest.TempPathFactory, level: str
) -> None:
    honest = in_order(level)
    hostile = [program for program in HOSTILE if level in program.levels]
    # A hostile student before each honest one, of the same batch and the same sandbox.
    among = [
        *honest,
        *((f"{number:03}-{hostile[number % len(hostile)].name}", hostile[number % len(hostile)])
          for number in range(len(honest))),
    ]  # fmt: skip
    expected = alone(level)
    assert len(expected) == len(honest) + len(NEIGHBOURS)
    assert all('"status": "graded"' in result for result in expected.values())
    # In parallel, another process grades whoever comes after a student that takes long.
    for name, order, jobs in (
        ("in reverse order, in parallel", in_order(level, backwards=True), "2"),
        ("among hostile neighbours", among, "1"),
        ("among hostile neighbours, in parallel", among, "2"),
    ):
        found = results(tmp_path_factory, level, order, "--jobs", jobs)
        assert {key: (found[key], name) for key in found} == {
            key: (expected[key], name) for key in expected
        }


def test_one_honest_student_alone_gets_what_a_class_gets(
    alone: Callable[[str], Mapping[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    nobody_else = results(tmp_path_factory, "full", [], "--jobs", "1")
    assert nobody_else == {name: alone("full")[name] for name in NEIGHBOURS}
