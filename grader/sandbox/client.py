"""The sandbox as the rest of the grader knows it: a level, limits, one worker at a time."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol, Self

from grader.errors import IsolationRefused, SandboxError
from grader.sandbox import wire
from grader.sandbox.channel import Ended, Ending, Worker
from grader.sandbox.faults import Crashed, TimedOut
from grader.sandbox.forked import Forked
from grader.sandbox.interpreter import Packages
from grader.sandbox.levels import Isolation, SandboxLimits
from grader.sandbox.replies import Returned, interpret
from grader.sandbox.spawned import Spawned

_PREFLIGHT_SECONDS: Final = 30.0
_GRACE: Final = 0.2  # seconds in which a worker that has closed its channel ends by itself


class Workers(Protocol):
    """Where workers come from, one at a time."""

    def start(self) -> None:
        """Get ready. Raises IsolationRefused or SandboxError, with nothing left behind."""

    def close(self) -> None:
        """End everything. May be called twice."""

    def worker(self) -> Worker:
        """A fresh worker. The one before must have been ended."""

    def cpu_seconds(self) -> float:
        """CPU time that the present worker has used so far; 0 where the system does not tell."""

    def discard_worker(self) -> None:
        """Kill the present worker without waiting until it is gone."""

    def end_worker(self, grace: float = 0.0) -> Ending:
        """Kill the present worker, or let it end by itself within ``grace`` seconds."""


class Sandbox:
    """Workers of one level, tried before any student code runs in one."""

    def __init__(
        self,
        isolation: Isolation,
        limits: SandboxLimits,
        packages: Sequence[str] = ("numpy",),
        secrets: Sequence[Path] = (),
    ) -> None:
        """Prepare, without starting anything.

        Args:
            isolation: the level to hold; a lower one is never taken.
            limits: of every call and lesson.
            packages: import names beside the standard library that student code may use.
            secrets: paths of the host that a worker is tried against before any student code runs.
        """
        self.isolation = isolation
        self.limits = limits
        self.packages = tuple(packages)
        self.secrets = tuple(secrets)
        self._workers: Workers | None = None

    @classmethod
    def for_own_code(
        cls,
        limits: SandboxLimits,
        packages: Packages,
        first: subprocess.Popen[bytes] | None = None,
        *,
        ahead: bool = False,
    ) -> Self:
        """A started sandbox for the user's own code, on the user's own machine.

        It is of the level ``process``, and not tried first: nobody relies on what comes out of it.

        Args:
            limits: of every call and lesson.
            packages: what the code may import.
            first: a worker's process, launched earlier (:func:`grader.sandbox.launch.launch`).
            ahead: whether the next worker is started before it is asked for.
        """
        sandbox = cls(Isolation.PROCESS, limits, packages.names)
        sandbox._workers = Spawned(limits, packages, first, ahead=ahead, own_code=True)
        sandbox._workers.start()
        return sandbox

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start what workers come from, and try the forbidden acts in one of them.

        Raises:
            IsolationRefused: the level cannot be held on this machine.
            SandboxError: the sandbox could not be started.
        """
        if self.isolation is not Isolation.PROCESS and sys.platform != "linux":
            raise IsolationRefused(
                f"isolation `{self.isolation}` needs Linux. Grade there, or ask for less: "
                "--isolation process."
            )
        packages = Packages.find(self.packages)
        if self.isolation is Isolation.PROCESS:
            self._workers = Spawned(self.limits, packages)
        else:
            self._workers = Forked(self.isolation, self.limits, packages)
        try:
            self._workers.start()
            self._preflight()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End every process of the sandbox. May be called twice."""
        if self._workers is not None:
            self._workers.close()

    def worker(self) -> Worker:
        """A fresh worker. The one before must have been ended."""
        return self._started.worker()

    def cpu_seconds(self) -> float:
        """CPU time that the present worker has used so far; 0 where the system does not tell."""
        return self._started.cpu_seconds()

    def discard_worker(self) -> None:
        """Kill the present worker without waiting until it is gone."""
        self._started.discard_worker()

    def end_worker(self, grace: float = 0.0) -> Ending:
        """Kill the present worker, or let it end by itself within ``grace`` seconds."""
        return self._started.end_worker(grace)

    @property
    def _started(self) -> Workers:
        if self._workers is None:
            raise SandboxError("the sandbox has not been started")
        return self._workers

    def _preflight(self) -> None:
        """Try what must not work at this level, in a real worker; fail closed.

        Raises:
            IsolationRefused: something worked.
            SandboxError: the worker did not tell.
        """
        worker = self.worker()
        how = ""
        try:
            deadline = time.monotonic() + _PREFLIGHT_SECONDS
            request = ("probe", [str(path) for path in self.secrets])
            reply = interpret(worker.ask(wire.encode(request), deadline))
        except Ended:
            reply, how = None, f"the worker ended ({self.end_worker(_GRACE)})"
        except (Crashed, TimedOut) as fault:
            reply, how = None, str(fault)
            self.end_worker()
        else:
            self.end_worker()
        finally:
            worker.close()
        if not isinstance(reply, Returned) or type(reply.value) is not list:
            lines = worker.output.decode("utf-8", "replace").strip().splitlines()
            said = how or f"its answer was {reply}"
            raise SandboxError(
                "the sandbox's own check before grading failed: " + ": ".join([said, *lines[-1:]])
            )
        if reply.value:
            raise IsolationRefused(
                f"isolation `{self.isolation}` does not hold here: a worker could "
                + ", ".join(str(act) for act in reply.value)
                + "."
            )
