"""What a cluster of machines is made of: addresses, versions, and the course on its way."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.course import Course
from grader.errors import GraderError
from grader.grading.cluster.addresses import read_scheduler, refuse_open_address
from grader.grading.cluster.parcel import Parcel
from grader.grading.cluster.versions import describe_difference, own_versions
from grader.grading.graders import start_cluster_graders
from grader.sandbox.levels import Isolation, LevelChoice


@pytest.mark.parametrize(
    "address",
    ["tls://10.1.2.3:8786", "tls://host:8786", "tls://[fe80::1]:8786", "tcp://127.0.0.1:8786",
     "tcp://127.9.9.9:1", "tcp://localhost:8786", "tcp://[::1]:8786"],
)  # fmt: skip
def test_an_address_is_encrypted_or_on_this_machine(address: str) -> None:
    assert read_scheduler(address) == address


@pytest.mark.parametrize(
    "address",
    ["tcp://10.1.2.3:8786", "tcp://host:8786", "tcp://0.0.0.0:8786", "tcp://[::]:8786",
     "tcp://localhost.example.org:8786", "tcp://127.0.0.1.example.org:1", "ws://127.0.0.1:8786",
     "ucx://10.1.2.3:8786", "inproc://127.0.0.1:1"],
)  # fmt: skip
def test_an_address_that_others_reach_without_a_certificate_is_refused(address: str) -> None:
    with pytest.raises(GraderError, match=r"is not encrypted: .* docs/cluster\.md says how"):
        refuse_open_address(address)


@pytest.mark.parametrize(
    "text", ["tls://host", "tls://:8786", "tls://host:port", "tls://host:99999", "://", "tls://[1"]
)
def test_what_is_no_address_is_told_with_an_example(text: str) -> None:
    with pytest.raises(GraderError, match=r"is no address of a scheduler.*tls://host:8786"):
        read_scheduler(text)


def test_a_scheduler_file_names_the_address(tmp_path: Path) -> None:
    file = tmp_path / "scheduler.json"
    file.write_text(json.dumps({"type": "Scheduler", "address": "tls://10.1.2.3:8786"}))
    assert read_scheduler(str(file)) == "tls://10.1.2.3:8786"
    file.write_text(json.dumps({"address": "tcp://10.1.2.3:8786"}))
    with pytest.raises(GraderError, match="is not encrypted"):
        read_scheduler(str(file))


@pytest.mark.parametrize("content", [None, "", "{}", "[]", "7", "\x00", '{"address": null}'])
def test_a_scheduler_file_that_is_none_is_told(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "scheduler.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(GraderError, match=r"scheduler\.json.*dask scheduler --scheduler-file"):
        read_scheduler(str(file))


def test_versions_differ_by_name_with_both() -> None:
    here = own_versions(["numpy", "no_such_package"])
    assert {"the grader", "Python", "numpy", "pytest", "no_such_package"} == set(here)
    assert describe_difference(here, dict(here)) is None
    there = {**here, "numpy": "1.0", "pytest": ""}
    assert describe_difference(here, there) == (
        f"it has numpy 1.0 and no pytest; the machine that hands out the class has "
        f"numpy {here['numpy']} and pytest {here['pytest']}"
    )


def test_the_course_arrives_as_it_was_and_only_its_owner_can_read_it(
    tiny_course: Callable[..., Path], tmp_path: Path
) -> None:
    course = Course.load(tiny_course())
    cache = course.root / "tests" / "lessons" / "__pycache__" / "conftest.pyc"
    cache.parent.mkdir()
    cache.write_bytes(b"compiled")
    (course.root / "notes.txt").write_text("not for grading")
    arrived = Parcel.pack(course).unpack(tmp_path)
    assert arrived.stat().st_mode & 0o077 == 0
    assert {str(it.relative_to(arrived)) for it in arrived.rglob("*") if it.is_file()} == {
        "course.yaml",
        "solutions/double.py",
        "tests/lessons/hidden/test_double.py",
        "tests/lessons/visible/test_double.py",
    }
    for path in arrived.rglob("*.py"):
        assert path.read_bytes() == (course.root / path.relative_to(arrived)).read_bytes()


def test_two_courses_with_the_same_files_have_the_same_hash(
    course_at: Callable[..., Path], tmp_path: Path
) -> None:
    one, two = (Parcel.pack(Course.load(course_at(tmp_path / name))) for name in ("a", "b"))
    assert one == two
    (tmp_path / "b" / "solutions" / "double.py").write_text("def double(x): return x + x\n")
    assert Parcel.pack(Course.load(tmp_path / "b")).digest != one.digest


def test_a_course_that_arrives_damaged_is_not_unpacked(
    tiny_course: Callable[..., Path], tmp_path: Path
) -> None:
    parcel = Parcel.pack(Course.load(tiny_course()))
    folder = tmp_path / "machine"
    folder.mkdir()
    with pytest.raises(GraderError, match="damaged"):
        replace(parcel, content=parcel.content + b"x").unpack(folder)
    with pytest.raises(GraderError, match="cannot be written"):
        parcel.unpack(folder / "missing")
    assert list(folder.iterdir()) == []


def test_without_dask_a_sentence_says_what_to_install(
    tiny_course: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "grader.grading.cluster.cluster_backend", raising=False)
    course = Course.load(tiny_course())
    with (
        pytest.raises(GraderError, match=r"pip install 'self-attention-course\[cluster\]'"),
        start_cluster_graders(course, "tls://host:8786"),
    ):
        pass


def test_without_a_certificate_or_a_scheduler_a_sentence_says_what_to_do(
    tiny_course: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="pip install 'self-attention-course[cluster]'")
    from grader.grading.cluster import cluster_backend  # noqa: PLC0415

    monkeypatch.setattr(cluster_backend, "_SECONDS_TO_CONNECT", 0.1)
    course = Course.load(tiny_course())
    with socket.socket() as closed:  # nobody listens there
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        for scheme, sentence in [
            ("tls", "no certificate is set for the cluster"),
            ("tcp", f"no scheduler answers at tcp://127.0.0.1:{port}"),
        ]:
            with (
                pytest.raises(GraderError, match=sentence),
                start_cluster_graders(course, f"{scheme}://127.0.0.1:{port}"),
            ):
                pass


@pytest.mark.parametrize(
    ("address", "versions", "reason"),
    [
        ("tcp://10.1.2.3:4", {}, "is not encrypted"),
        ("tls://10.1.2.3:4", {"numpy": "9.9.9"}, "the machine that hands out the class has numpy"),
    ],
)
def test_a_worker_that_does_not_fit_tells_why_and_unpacks_nothing(
    address: str,
    versions: dict[str, str],
    reason: str,
    tiny_course: Callable[..., Path],
    tmp_path: Path,
) -> None:
    pytest.importorskip("distributed", reason="pip install 'self-attention-course[cluster]'")
    from grader.grading.cluster.machine import Machine  # noqa: PLC0415

    folder = tmp_path / "worker"
    folder.mkdir()
    told: list[tuple[str, dict[str, str]]] = []
    worker = SimpleNamespace(
        address=address, name="older", state=SimpleNamespace(nthreads=2),
        local_directory=str(folder), log_event=lambda topic, event: told.append((topic, event)),
    )  # fmt: skip
    course = Course.load(tiny_course())
    parcel = Parcel.pack(course)
    machine = Machine("run", parcel, (), own_versions(()) | versions, None)
    asyncio.run(machine.setup(worker))
    ((topic, event),) = told
    assert topic == "run"
    assert (event["worker"], event["name"]) == (address, "older")
    assert reason in event["refused"]
    assert list(folder.iterdir()) == []


@pytest.fixture
def cluster_backend() -> tuple[Any, list[str]]:
    """A backend without a cluster, and the sentences that it tells."""
    pytest.importorskip("distributed", reason="pip install 'self-attention-course[cluster]'")
    from grader.grading.cluster.cluster_backend import ClusterBackend  # noqa: PLC0415

    told: list[str] = []
    client = SimpleNamespace(get_executor=lambda **_: None)
    return ClusterBackend(client, "tls://host:8786", told.append), told


def test_a_worker_that_joins_with_a_weaker_level_is_told(
    cluster_backend: tuple[Any, list[str]],
) -> None:
    backend, told = cluster_backend
    backend.choice, backend._has_begun = LevelChoice(Isolation.FULL), True
    for name, level, refusals in [("one", "full", []), ("two", "filtered", ["no namespaces"])]:
        backend._take_in(
            {"worker": "tls://" + name, "name": name, "slots": 4, "isolation": level,
             "refusals": refusals}
        )  # fmt: skip
    (sentence,) = told
    assert sentence.startswith("worker two (tls://two) joined. Isolation: `filtered`, since no")


def test_a_worker_that_cannot_read_what_it_gets_is_named_with_both_versions(
    cluster_backend: tuple[Any, list[str]],
) -> None:
    backend, told = cluster_backend

    def packages(version: str | None) -> dict[str, dict[str, str | None]]:
        return {"packages": {"self-attention-course": version}}

    found = {"tls://one": "1.0", "tls://two": "0.5", "tls://three": None}
    backend._client.get_versions = lambda **_: {
        "client": packages("1.0"),
        "workers": {worker: packages(version) for worker, version in found.items()},
    }
    backend._joined = {worker: f"worker {worker}" for worker in found}
    backend._refuse_other_graders()
    here = "; the machine that hands out the class has the grader 1.0"
    assert told == [
        f"worker tls://two is not used: it has the grader 0.5{here}",
        f"worker tls://three is not used: it has no grader{here}",
    ]
    assert list(backend._joined) == ["tls://one"]
