"""What every backend does: one of this machine's processes, one of a cluster's machines."""

from __future__ import annotations

import io
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

import pytest
from one_lesson_class import submissions_of_double

from grader.course import Course
from grader.errors import CourseError
from grader.grading.backend import Backend, ProcessLost
from grader.grading.batches import grade_batches
from grader.grading.current_check import OWN, Place
from grader.grading.local_backend import start_local_backend
from grader.results import StudentResult
from grader.sandbox.levels import Isolation

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("backends"),
    pytest.mark.skipif(sys.platform == "win32", reason="a class is graded on Unix alone"),
]

PROGRAMS: Final = {
    "ada": "def double(x): return 2 * x",
    "ben": "def double(x): return 3 * x",
    "cleo": "def double(x): pass",
    "dan": "import os\ndef double(x): os._exit(3)",
}
#: They return, raise and print objects of classes of their own.
_EVIL: Final = "class Evil({}):\n    def __reduce__(self): return eval, ('1',)\n"
ODD: Final = {
    "ada": _EVIL.format("str") + "def double(x): return Evil('4')",
    "ben": _EVIL.format("Exception") + "def double(x): raise Evil('4')",
    "cleo": _EVIL.format("float") + "def double(x): return [Evil(4), {Evil(1): Evil(2)}]",
    "dan": _EVIL.format("int") + "def double(x): print(Evil(4)); return Evil(x + 1)",
    "eve": _EVIL.format("Exception") + "raise Evil(Evil('4'))",
}


@pytest.fixture(scope="module")
def course(course_at: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = course_at(
        tmp_path_factory.mktemp("backends") / "course", lessons=[{"id": "double", "points": 4}]
    )
    return Course.load(folder)


@pytest.fixture(scope="module")
def expected(course: Course) -> list[StudentResult]:
    """The class graded by one process. On a busy machine its batch ends early, more than once."""
    with start_local_backend(course, 1) as backend:
        batches = list(grade_batches(backend, [submissions_of_double(PROGRAMS)]))
    return [result for batch in batches for result in batch.results]


@pytest.fixture(scope="module")
def dask() -> Iterator[Any]:
    """A scheduler and a worker in this process; they have no other address than 127.0.0.1."""
    distributed = pytest.importorskip(
        "distributed", reason="pip install 'self-attention-course[cluster]'"
    )
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, protocol="tcp", host="127.0.0.1",
        dashboard_address=None,
    ) as cluster:  # fmt: skip
        yield cluster


@pytest.fixture(scope="module", params=["local", "cluster"])
def backend(request: pytest.FixtureRequest, course: Course) -> Iterator[Backend]:
    """Each implementation, with two processes."""
    start: AbstractContextManager[Backend]
    if request.param == "local":
        start = start_local_backend(course, 2)
    else:
        address = request.getfixturevalue("dask").scheduler_address
        from grader.grading.cluster import cluster_backend  # noqa: PLC0415  (needs Dask)

        start = cluster_backend.start_cluster_backend(course, address)
    with start as backend:
        yield backend


def lessons_there(course: Course, isolation: Isolation) -> tuple[tuple[str, ...], Isolation, int]:
    return course.lesson_ids, isolation, os.getpid()


def repeat(course: Course, isolation: Isolation, word: str, *, times: int) -> str:
    return word * times


def fail(course: Course, isolation: Isolation, error: Exception) -> None:
    raise error


def end_at_a_check(course: Course, isolation: Isolation) -> None:
    OWN.get().announce(3, "double", "test_two_becomes_four")
    os._exit(9)


def return_a_function(course: Course, isolation: Isolation) -> Callable[[], int]:
    return lambda: 1


def wait_for(course: Course, isolation: Isolation, path: str) -> str:
    with open(path) as pipe:  # noqa: PTH123  (waits until somebody writes)
        return pipe.read()


def test_a_call_gets_the_course_and_the_level_that_holds_there(
    backend: Backend, course: Course
) -> None:
    lessons, isolation, process = backend.submit(lessons_there).result(timeout=60)
    assert lessons == course.lesson_ids
    assert isolation == backend.choice.isolation
    assert process != os.getpid()


def test_a_call_gets_its_arguments(backend: Backend) -> None:
    assert backend.submit(repeat, "ab", times=2).result(timeout=60) == "abab"


@pytest.mark.parametrize("error", [CourseError("a sentence"), LookupError("not here")])
def test_what_a_call_raises_is_raised_to_its_caller(backend: Backend, error: Exception) -> None:
    with pytest.raises(type(error), match=str(error)):
        backend.submit(fail, error).result(timeout=60)


def test_what_cannot_be_sent_back_is_an_error_of_that_call_alone(backend: Backend) -> None:
    assert backend.submit(return_a_function).exception(timeout=60) is not None
    assert backend.submit(repeat, "a", times=1).result(timeout=60) == "a"


def test_a_lost_process_tells_at_which_check_and_costs_no_other_call(backend: Backend) -> None:
    lost = backend.submit(end_at_a_check)
    kept = backend.submit(repeat, "a", times=1)
    assert kept.result(timeout=60) == "a"
    error = lost.exception(timeout=60)
    assert isinstance(error, ProcessLost)
    assert (error.place, error.overran) == (Place(3, "double", "test_two_becomes_four"), False)
    assert backend.submit(repeat, "b", times=1).result(timeout=60) == "b"


def test_a_result_comes_while_another_call_goes_on(backend: Backend, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    slow, quick = backend.submit(wait_for, str(pipe)), backend.submit(repeat, "a", times=1)
    assert list(backend.wait([slow, quick])) == [quick]
    pipe.write_text("done")
    assert list(backend.wait([slow])) == [slow]
    assert slow.result() == "done"


def test_it_has_room_for_each_of_its_processes(backend: Backend) -> None:
    assert backend.most_pending >= 2


def test_a_class_gets_the_same_results_from_each(
    backend: Backend, expected: list[StudentResult]
) -> None:
    class_ = submissions_of_double(PROGRAMS)
    graded = list(grade_batches(backend, [class_[:2], class_[2:]]))
    results = [it for batch in graded for it in batch.results]
    assert sorted(results, key=lambda it: it.student) == expected
    assert {it.isolation for it in graded} == {backend.choice.isolation}
    assert len({it.score for it in expected}) > 1


class Recorder(pickle.Unpickler):
    """Knows which classes and functions the bytes name."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        self.modules: set[str] = set()

    def find_class(self, module: str, name: str) -> Any:
        self.modules.add(module)
        return super().find_class(module, name)


def test_what_comes_back_is_made_of_our_own_records_and_plain_values(backend: Backend) -> None:
    graded = list(grade_batches(backend, [submissions_of_double(ODD)]))
    assert [result.score for batch in graded for result in batch.results] == [0] * len(ODD)
    recorder = Recorder(pickle.dumps(graded))
    assert recorder.load() == graded
    assert {name for name in recorder.modules if not name.startswith("grader.results")} == {
        "grader.grading.batches",
        "grader.sandbox.levels",
    }
