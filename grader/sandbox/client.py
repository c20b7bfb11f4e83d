"""The sandbox: one worker at a time, at one level of isolation, with limits."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol, Self

from grader.errors import IsolationRefused, SandboxError
from grader.sandbox import wire
from grader.sandbox.budget import Budget
from grader.sandbox.channel import Ended, Ending, Worker
from grader.sandbox.data_folder import DataFolder
from grader.sandbox.faults import Crashed, TimedOut
from grader.sandbox.forked import ForkedWorkers
from grader.sandbox.interpreter import Packages
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.replies import Returned, read_reply
from grader.sandbox.spawned import SpawnedWorkers

_PREFLIGHT_SECONDS: Final = 30.0
#: CPU seconds of a worker that serves several lessons of a student. One that needs more is ended,
#: and the lesson is graded in a worker of its own, with its own time.
_SHARED_SECONDS: Final = 0.5
_GRACE: Final = 0.2  # seconds in which a worker that has closed its channel ends by itself


class WorkerSource(Protocol):
    """Starts workers, one at a time: forked from a zygote, or spawned as new programs."""

    def start(self) -> None:
        """Get ready. Raises IsolationRefused or SandboxError; then nothing is left behind."""

    def close(self) -> None:
        """End everything. May be called twice."""

    def start_worker(self) -> Worker:
        """Start a fresh worker. The previous one must have been ended."""

    def cpu_seconds(self) -> float:
        """The CPU time of the present worker so far; 0 if the system does not tell."""

    def queued_seconds(self) -> float:
        """Seconds in which it was ready to compute, but no core was free; 0 if nobody tells."""

    def discard_worker(self) -> None:
        """Kill the present worker without waiting until it is gone."""

    def end_worker(self, grace: float = 0.0) -> Ending:
        """Kill the present worker, or let it end by itself within ``grace`` seconds."""


class Sandbox:
    """Workers of one level, which is tried out before any student code runs."""

    def __init__(
        self,
        isolation: Isolation,
        limits: SandboxLimits,
        packages: Sequence[str] = ("numpy",),
        secrets: Sequence[Path] = (),
        *,
        data: Mapping[str, bytes] = MappingProxyType({}),
        stop_cell_at_error: bool = False,
    ) -> None:
        """Prepare, without starting anything.

        Args:
            isolation: the level; it is never lowered.
            limits: of every call and lesson.
            packages: the packages that student code may import, by import name.
            secrets: paths of the host that the preflight tries to read.
            data: the files that student code may open, by their paths from a lesson's file.
            stop_cell_at_error: whether a notebook's cell ends at an exception, as in a kernel.
                Otherwise the statements below it run.
        """
        self.isolation = isolation
        self.limits = limits
        self.packages = tuple(packages)
        self.importable = self.packages  # with what these need; known once it is started
        self.secrets = tuple(secrets)
        self.budget: Budget | None = None  # of the lesson that is graded, see `one_lesson`
        self._workers: WorkerSource | None = None
        self._shares_workers = False  # whether lessons of one student are being graded
        self._handed_on: tuple[Worker, float] | None = None  # with the seconds that it has used
        self._data = DataFolder(data)
        self.stop_cell_at_error = stop_cell_at_error

    @classmethod
    def for_own_code(
        cls,
        limits: SandboxLimits,
        packages: Packages,
        first: subprocess.Popen[bytes] | None = None,
        *,
        ahead: bool = False,
        data: Mapping[str, bytes] = MappingProxyType({}),
        stop_cell_at_error: bool = False,
    ) -> Self:
        """A started sandbox for the user's own code, on the user's own machine.

        Its level is ``process``, without a preflight: no mark depends on its results.

        Args:
            limits: of every call and lesson.
            packages: what the code may import.
            first: a worker's process, from :func:`.interpreter.launch_spawned_worker`.
            ahead: whether to start the next worker before it is needed.
            data: see above.
            stop_cell_at_error: see above.
        """
        sandbox = cls(
            Isolation.PROCESS, limits, packages.names,
            data=data, stop_cell_at_error=stop_cell_at_error,
        )  # fmt: skip
        sandbox.importable = packages.importable
        sandbox._data.lay_out()
        sandbox._workers = SpawnedWorkers(limits, packages, first, ahead=ahead, own_code=True)
        sandbox._workers.start()
        return sandbox

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the source of workers, and try the forbidden acts in one worker.

        Raises:
            IsolationRefused: this machine cannot hold the level.
            SandboxError: the sandbox could not be started.
        """
        if self.isolation is not Isolation.PROCESS and sys.platform != "linux":
            raise IsolationRefused(
                f"isolation `{self.isolation}` needs Linux. Grade there, or ask for less: "
                "--isolation process."
            )
        packages = Packages.find(self.packages)
        self.importable = packages.importable
        self._data.lay_out()
        if self.isolation is Isolation.PROCESS:
            self._workers = SpawnedWorkers(self.limits, packages)
        else:
            self._workers = ForkedWorkers(self.isolation, self.limits, packages, self._data.path)
        try:
            self._workers.start()
            self._preflight()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End every process of the sandbox. May be called twice."""
        if self._handed_on is not None:
            self._handed_on[0].close()
            self._handed_on = None
        if self._workers is not None:
            self._workers.close()
        self._data.remove()

    def restart(self) -> None:
        """Start again after the sandbox has failed; see :meth:`start`.

        Raises:
            IsolationRefused, SandboxError: it cannot be started any more.
        """
        self.close()
        try:
            self.start()
        except IsolationRefused:
            raise
        except SandboxError:  # ended from outside, perhaps; once more, then it is no chance
            self.start()

    @contextmanager
    def one_student(self) -> Iterator[None]:
        """In this block a lesson may hand its worker on to the next one: both are one student's."""
        self._shares_workers = self.isolation is not Isolation.PROCESS
        try:
            yield
        finally:
            self._shares_workers = False
            try:
                self._end_handed_on()
            except SandboxError:
                self.restart()

    @contextmanager
    def one_lesson(self, *, shared: bool = False) -> Iterator[Budget]:
        """In this block all sessions share one budget: that of one lesson of one student.

        Args:
            shared: whether it is tried in the worker of the lesson before.
        """
        self.budget = budget = Budget(_SHARED_SECONDS if shared else self.limits.seconds_per_lesson)
        try:
            yield budget
        finally:
            self.budget = None

    def hand_on(self, worker: Worker, used: float) -> None:
        """Keep a worker for the student's next lesson, or end it.

        Args:
            worker: the present one.
            used: the CPU seconds that it has used.
        """
        self._handed_on = worker, used
        if not self._shares_workers or used > _SHARED_SECONDS / 2:
            self._end_handed_on()

    @property
    def has_worker(self) -> bool:
        """Whether a worker was handed on."""
        return self._handed_on is not None

    def take_worker(self) -> tuple[Worker, float] | None:
        """The worker that was handed on, if there is one, and the CPU seconds it has used."""
        handed_on, self._handed_on = self._handed_on, None
        return handed_on

    def _end_handed_on(self) -> None:
        if handed_on := self.take_worker():
            try:
                self.discard_worker()
            finally:
                handed_on[0].close()

    def start_worker(self) -> Worker:
        """Start a fresh worker. The previous one must have been ended, or handed on."""
        self._end_handed_on()
        return self._started.start_worker()

    @property
    def working_folder(self) -> str:
        """The folder with the data files, in which lessons run; "" if there are none."""
        return self._data.path

    def cpu_seconds(self) -> float:
        """The CPU time of the present worker so far; 0 if the system does not tell."""
        return self._started.cpu_seconds()

    def queued_seconds(self) -> float:
        """Seconds in which it was ready to compute, but no core was free; 0 if nobody tells."""
        return self._started.queued_seconds()

    def discard_worker(self) -> None:
        """Kill the present worker without waiting until it is gone."""
        self._started.discard_worker()
        self._renew_data()

    def end_worker(self, grace: float = 0.0) -> Ending:
        """Kill the present worker, or let it end by itself within ``grace`` seconds."""
        ending = self._started.end_worker(grace)
        self._renew_data()
        return ending

    def _renew_data(self) -> None:
        """Where a worker can write into the folder with the data files, make it anew."""
        if self.isolation is Isolation.PROCESS:
            self._data.lay_out()

    @property
    def _started(self) -> WorkerSource:
        if self._workers is None:
            raise SandboxError("the sandbox has not been started")
        return self._workers

    def _preflight(self) -> None:
        """Try the acts that this level forbids, in a real worker; refuse the level if one works.

        Raises:
            IsolationRefused: an act worked.
            SandboxError: the worker did not say which acts worked.
        """
        worker = self.start_worker()
        why_no_reply = ""
        try:
            deadline = time.monotonic() + _PREFLIGHT_SECONDS
            request = ("preflight", [str(path) for path in self.secrets])
            reply = read_reply(worker.ask(wire.encode(request), deadline))
        except Ended:
            reply, why_no_reply = None, f"the worker ended ({self.end_worker(_GRACE)})"
        except (Crashed, TimedOut) as fault:
            reply, why_no_reply = None, str(fault)
            self.end_worker()
        else:
            self.end_worker()
        finally:
            worker.close()
        if not isinstance(reply, Returned) or type(reply.value) is not list:
            lines = worker.output.decode("utf-8", "replace").strip().splitlines()
            said = why_no_reply or f"its answer was {reply}"
            raise SandboxError(
                "the sandbox's own check before grading failed: " + ": ".join([said, *lines[-1:]])
            )
        if reply.value:
            raise IsolationRefused(
                f"isolation `{self.isolation}` does not hold here: a worker could "
                + ", ".join(str(act) for act in reply.value)
                + "."
            )
