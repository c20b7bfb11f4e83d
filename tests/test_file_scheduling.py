"""A worker of the tests that crashes costs the test that it was running, and no other."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import pytest
from file_scheduling import FilesTogether

TESTS = [*(f"a.py::test_{number}" for number in range(4)), "b.py::test_b", "c.py::test_c"]


class FakeWorker:
    """Stands for a worker: keeps what it is told to run."""

    def __init__(self) -> None:
        self.gateway = SimpleNamespace(id="gw")
        self.shutting_down = False
        self.to_run: list[str] = []

    def send_runtest_some(self, indices: Sequence[int]) -> None:
        assert indices, "a worker that is told to run nothing never says that it is done"
        self.to_run += [TESTS[index] for index in indices]

    def shutdown(self) -> None:
        self.shutting_down = True


def add(scheduler: FilesTogether, worker: FakeWorker) -> None:
    scheduler.add_node(worker)
    scheduler.add_node_collection(worker, TESTS)


@pytest.fixture
def workers() -> list[FakeWorker]:
    return [FakeWorker(), FakeWorker()]


@pytest.fixture
def scheduler(workers: list[FakeWorker]) -> FilesTogether:
    """The first worker has the file of four tests, and the second one of the others."""
    options = SimpleNamespace(loadscopereorder=False)
    scheduler = FilesTogether(SimpleNamespace(getvalue=lambda _: ["2*popen"], option=options))
    for worker in workers:
        add(scheduler, worker)
    scheduler.schedule()
    return scheduler


def pass_next(scheduler: FilesTogether, worker: FakeWorker) -> None:
    scheduler.mark_test_complete(worker, TESTS.index(worker.to_run.pop(0)))


def test_the_test_during_which_a_worker_crashed_does_not_run_again(
    scheduler: FilesTogether, workers: list[FakeWorker]
) -> None:
    first, second = workers
    pass_next(scheduler, first)
    assert scheduler.remove_node(first) == TESTS[1]
    new = FakeWorker()
    add(scheduler, new)
    scheduler.schedule()
    assert new.to_run == TESTS[2:4]
    for worker in (second, new):
        while worker.to_run:
            pass_next(scheduler, worker)
    assert not scheduler.has_pending


def test_the_worker_in_its_place_gets_tests_once_it_has_found_them(
    scheduler: FilesTogether, workers: list[FakeWorker]
) -> None:
    first, second = workers
    scheduler.remove_node(first)
    new = FakeWorker()
    scheduler.add_node(new)
    scheduler.remove_node(second)  # the third of them crashes, too
    assert new.to_run == []
    scheduler.add_node_collection(new, TESTS)
    scheduler.schedule()
    while new.to_run:
        pass_next(scheduler, new)
    assert not scheduler.has_pending


def test_a_worker_that_ended_after_its_last_test_has_not_crashed(
    scheduler: FilesTogether, workers: list[FakeWorker]
) -> None:
    for worker in workers:
        while worker.to_run:
            pass_next(scheduler, worker)
    assert [scheduler.remove_node(worker) for worker in workers] == [None, None]
