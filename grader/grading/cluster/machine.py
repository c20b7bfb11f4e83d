"""One machine of a cluster: a plugin of a Dask worker, with grading processes of its own."""

from __future__ import annotations

import asyncio
import pickle
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from grader.course import Course
from grader.errors import GraderError
from grader.grading.backend import ProcessLost
from grader.grading.cluster.addresses import refuse_open_address
from grader.grading.cluster.parcel import Parcel
from grader.grading.cluster.versions import describe_difference, own_versions
from grader.grading.executors import LocalExecutor
from grader.grading.local_backend import LocalBackend, choose_level_of
from grader.sandbox.levels import Isolation


class Machine(WorkerPlugin):
    """What a worker does for one run of the grader.

    Dask sends it to each worker, also to those that join later, and calls :meth:`setup` there. A
    worker that can grade offers Dask a resource with the run's name; batches ask for this
    resource, so no other worker gets any.
    """

    def __init__(
        self,
        run: str,
        parcel: Parcel,
        packages: Sequence[str],
        versions: Mapping[str, str],
        wanted: Isolation | None,
    ) -> None:
        """Prepare.

        Args:
            run: a name that no other run has.
            parcel: the course.
            packages: that the course uses.
            versions: what a machine has to have.
            wanted: the level of isolation that was asked for.
        """
        self.name = run
        self._parcel = parcel
        self._packages = tuple(packages)
        self._versions = dict(versions)
        self._wanted = wanted
        self._folder: Path | None = None
        self._executor: LocalExecutor | None = None
        self._backend: LocalBackend | None = None

    async def setup(self, worker: Worker) -> None:
        """Get ready to grade, and tell the grader's command how it went."""
        self._changing = asyncio.Lock()
        slots = worker.state.nthreads
        description: dict[str, Any] = {"worker": worker.address, "name": str(worker.name)}
        async with self._changing:
            try:
                refuse_open_address(worker.address)
                await asyncio.to_thread(self._prepare, Path(worker.local_directory), slots)
            except GraderError as error:
                await asyncio.to_thread(self._clear)
                description["refused"] = str(error)
            else:
                assert self._backend is not None
                choice = self._backend.choice
                description |= {"slots": slots, "isolation": str(choice.isolation)}
                description["refusals"] = list(choice.refusals)
                await worker.set_resources(**{self.name: slots})
        worker.log_event(self.name, description)

    async def teardown(self, worker: Worker) -> None:
        """End all processes, and delete the course."""
        async with self._changing:
            await asyncio.to_thread(self._clear)

    def _prepare(self, folder: Path, slots: int) -> None:
        """See :meth:`setup`.

        Raises:
            GraderError: this machine cannot grade.
        """
        if difference := describe_difference(self._versions, own_versions(self._packages)):
            raise GraderError(difference)
        self._folder = self._parcel.unpack(folder)
        course = Course.load(self._folder)
        self._executor = LocalExecutor(slots)
        choice = choose_level_of(self._executor, course, slots, self._wanted)
        self._backend = LocalBackend(course, self._executor, slots, choice)

    def _clear(self) -> None:
        self._backend = None
        if self._executor is not None:
            self._executor.end_at_once()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def call(self, request: bytes) -> bytes:
        """Call a function in a grading process; see :func:`answer`."""
        backend = self._backend
        if backend is None:
            raise RuntimeError("the run has ended")
        try:
            return backend.submit(_call, request).result()
        except (GraderError, ProcessLost) as error:
            return pickle.dumps((True, error))
        except BrokenExecutor:
            return pickle.dumps((True, ProcessLost(None, overran=False)))


def answer(run: str, request: bytes) -> bytes:
    """On a worker: call a function in one of its grading processes.

    Args:
        run: whose machine answers.
        request: the function and its arguments, pickled by :class:`.ClusterBackend`.

    Returns:
        Whether it raised, and what it returned or raised; pickled.
    """
    machine = get_worker().plugins[run]
    assert isinstance(machine, Machine)
    return machine.call(request)


def _call(course: Course, isolation: Isolation, request: bytes) -> bytes:
    """In a grading process: call the function of a request."""
    # Our command has pickled it: our own records, with what students wrote as text in them.
    task: Callable[..., Any]
    task, args, kwargs = pickle.loads(request)  # noqa: S301  (see above)
    return pickle.dumps((False, task(course, isolation, *args, **kwargs)))
