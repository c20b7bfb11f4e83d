"""The backend of a cluster: Dask hands out the batches to machines that are ready to grade."""

from __future__ import annotations

import logging
import pickle
import queue
import time
import uuid
import warnings
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from distributed import Client, KilledWorker, Security
from distributed.versions import VersionMismatchWarning

from grader.course import Course
from grader.errors import GraderError
from grader.grading.backend import Backend, MachineLost
from grader.grading.cluster.addresses import read_scheduler, refuse_open_address
from grader.grading.cluster.machine import Machine, answer
from grader.grading.cluster.parcel import Parcel
from grader.grading.cluster.run_on_scheduler import RunOnScheduler
from grader.grading.cluster.versions import describe_difference, own_versions
from grader.sandbox.levels import Isolation, LevelChoice, weakest_choice

P = ParamSpec("P")
T = TypeVar("T")

_SECONDS_TO_CONNECT: Final = 10.0
#: How long the workers that are there at the start may take until they are ready.
_SECONDS_TO_GET_READY: Final = 60.0
#: How long a run waits for a machine when it has none left: a lost worker may be started again.
_SECONDS_WITHOUT_MACHINE: Final = 60.0
_SECONDS_BETWEEN_LOOKS: Final = 0.5
_SLOTS_FOR_ONE_ON_ITS_WAY: Final = 4

_PACKAGE: Final = "self-attention-course"  # as which the grader is installed

_NOTHING_LOST: Final = "What is graded is kept; the same command goes on where it was."


@contextmanager
def start_cluster_backend(
    course: Course,
    scheduler: str,
    wanted: Isolation | None = None,
    tell: Callable[[str], None] = lambda sentence: None,
) -> Iterator[ClusterBackend]:
    """Make the machines of a cluster ready to grade. With the block, what they hold of it ends.

    Args:
        course: sent to each machine.
        scheduler: an address, or a scheduler file of Dask's.
        wanted: the level of isolation that was asked for; ``None`` for the strongest to be had.
        tell: called with a sentence about each machine that is not used, or is lost.

    Raises:
        GraderError: the scheduler cannot be reached, or no machine can grade.
    """
    address = read_scheduler(scheduler)
    parcel = Parcel.pack(course)
    client = _connect(address)
    try:
        for each in _addresses(client):
            refuse_open_address(each)
        backend = ClusterBackend(client, address, tell)
        backend.get_ready(course, parcel, wanted)
        yield backend
    finally:
        with suppress(Exception):  # the scheduler is gone, and its workers with it
            if client.status == "running":
                client.unregister_worker_plugin(backend.run)
        client.close(timeout=2)


class ClusterBackend(Backend):
    """Grades with the machines of a cluster; see :func:`start_cluster_backend`."""

    def __init__(self, client: Client, address: str, tell: Callable[[str], None]) -> None:
        """Prepare.

        Args:
            client: connected.
            address: of the scheduler, for messages.
            tell: see :func:`start_cluster_backend`.
        """
        self.run = f"grading-{uuid.uuid4().hex}"
        self._client = client
        self._address = address
        self._tell = tell
        self._executor = client.get_executor(pure=False, retries=0, resources={self.run: 1})
        self._events: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._joined: dict[str, str] = {}  # workers that have not answered yet
        self._ready: dict[str, _Ready] = {}  # by the worker's address
        self._refused = False  # whether a worker was
        self._last_ready = time.monotonic()
        self._has_begun = False

    def get_ready(self, course: Course, parcel: Parcel, wanted: Isolation | None) -> None:
        """Find the machines that can grade.

        Raises:
            GraderError: there is none.
        """
        self._joined = _worker_names(self._client)
        self._client.subscribe_topic(self.run, lambda event: self._events.put(event[1]))
        versions = own_versions(course.packages)
        try:
            self._client.register_plugin(RunOnScheduler(self.run, self._client.id))
        except Exception as error:  # whatever comes of unpickling what is not there
            raise GraderError(
                f"the scheduler at {self._address} does not know this grader ({error}). Install "
                "the same version there as here, and start it again."
            ) from error
        try:
            self._client.register_plugin(
                Machine(self.run, parcel, course.packages, versions, wanted)
            )
        except Exception:  # noqa: BLE001  (whatever comes of it on a worker; others have got it)
            self._refuse_other_graders()
        end = time.monotonic() + _SECONDS_TO_GET_READY
        while (self._joined or not self._ready) and time.monotonic() < end:
            self._read_events(_SECONDS_BETWEEN_LOOKS)
            if not self._joined and not self._ready:
                break
        for name in self._joined.values():
            self._refuse(name, "it did not say whether it can grade; is the grader installed?")
        if not self._ready:
            raise GraderError(self._no_machine())
        self.choice = weakest_choice([machine.choice for machine in self._ready.values()])
        self._has_begun = True

    @property
    def most_pending(self) -> int:
        """See the base class: all processes, and a few batches that are on their way.

        What waits on a machine is graded there, so no more than a few: another may be free sooner.
        """
        slots = [machine.slots for machine in self._ready.values()]
        return max(1, sum(slots) + sum(count // _SLOTS_FOR_ONE_ON_ITS_WAY for count in slots))

    def submit(
        self,
        task: Callable[Concatenate[Course, Isolation, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Future[T]:
        """See the base class. What crosses is bytes, which only a grading process unpickles."""
        request = pickle.dumps((task, args, kwargs))
        ours: Future[T] = Future()

        def pass_on(theirs: Future[bytes]) -> None:
            try:
                is_error, outcome = pickle.loads(theirs.result())  # noqa: S301  (a worker's)
            except KilledWorker:
                ours.set_exception(MachineLost())
            except CancelledError:
                ours.set_exception(GraderError(self._scheduler_lost()))
            except BaseException as error:  # noqa: BLE001  (raised where it was called)
                ours.set_exception(error)
            else:
                ours.set_exception(outcome) if is_error else ours.set_result(outcome)

        self._executor.submit(answer, self.run, request).add_done_callback(pass_on)
        return ours

    def wait(self, pending: Collection[Future[T]]) -> Collection[Future[T]]:
        """See the base class."""
        most = self.most_pending
        while True:
            done = wait(pending, _SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED).done
            self._read_events(0)
            if done or self.most_pending > most:
                return done
            most = self.most_pending
            if self._client.status != "running":
                raise GraderError(self._scheduler_lost())
            if self._ready:
                self._last_ready = time.monotonic()
            elif time.monotonic() - self._last_ready > _SECONDS_WITHOUT_MACHINE:
                raise GraderError(
                    f"the scheduler at {self._address} has had no worker that can grade for a "
                    f"minute. {_NOTHING_LOST}"
                )

    def _read_events(self, seconds: float) -> None:
        """Handle the events that have come; wait so many seconds for the first."""
        with suppress(queue.Empty):
            self._take_in(self._events.get(timeout=seconds) if seconds else self._events.get(False))
            while True:
                self._take_in(self._events.get(False))

    def _take_in(self, event: dict[str, Any]) -> None:
        if joined := event.get("joined"):
            self._joined[joined] = _show(joined, event["name"])
            return
        if gone := event.get("gone"):
            self._forget(gone)
            return
        worker = event["worker"]
        self._joined.pop(worker, None)
        name = _show(worker, event["name"])
        if "refused" in event:
            self._refuse(name, event["refused"])
        else:
            choice = LevelChoice(Isolation(event["isolation"]), tuple(event["refusals"]))
            self._ready[worker] = _Ready(name, event["slots"], choice)
            if self._has_begun and weakest_choice([self.choice, choice]) is not self.choice:
                self._tell(f"{name} joined. {choice} It is stored with what is graded there.")

    def _forget(self, worker: str) -> None:
        """A worker has gone."""
        if machine := self._ready.pop(worker, None):
            self._tell(f"{machine.name} was lost; its students are graded elsewhere.")
            self._last_ready = time.monotonic()
        elif name := self._joined.pop(worker, None):
            self._refuse(name, "it ended before it could grade; is the grader installed there?")

    def _refuse_other_graders(self) -> None:
        """Refuse the workers that have no grader, or another version of it: they read no plugin."""
        versions = self._client.get_versions(packages=[_PACKAGE])
        ours = versions["client"]["packages"][_PACKAGE]
        for worker, about in versions["workers"].items():
            theirs = about["packages"][_PACKAGE]
            if theirs != ours and (name := self._joined.pop(worker, None)):
                difference = describe_difference({"the grader": ours}, {"the grader": theirs or ""})
                self._refuse(name, str(difference))

    def _refuse(self, worker: str, reason: str) -> None:
        self._refused = True
        self._tell(f"{worker} is not used: {reason}")

    def _no_machine(self) -> str:
        if self._refused:
            return f"no worker of the scheduler at {self._address} can grade: see above."
        return (
            f"the scheduler at {self._address} has no worker. Start one with "
            f"`dask worker {self._address}` and the options of docs/cluster.md."
        )

    def _scheduler_lost(self) -> str:
        return (
            f"the scheduler at {self._address} was lost. Start it and its workers again. "
            + _NOTHING_LOST
        )


@dataclass(frozen=True, slots=True)
class _Ready:
    """A machine that grades."""

    name: str
    slots: int  # processes
    choice: LevelChoice


def _connect(address: str) -> Client:
    """Connect to a scheduler.

    Raises:
        GraderError: it does not answer, or the certificates do not fit.
    """
    security = Security()  # the files that Dask's own settings name
    files = security.get_tls_config_for_role("client")
    if address.startswith("tls") and not (files.get("cert") and files.get("ca_file")):
        raise GraderError(
            "no certificate is set for the cluster. Name it in "
            "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT, its key in …__CLIENT__KEY and the "
            "authority in DASK_DISTRIBUTED__COMM__TLS__CA_FILE; docs/cluster.md says how."
        )
    for name in list(logging.root.manager.loggerDict):  # errors are told in sentences of ours
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    # Which versions differ, and where, is told by each machine.
    warnings.filterwarnings("ignore", category=VersionMismatchWarning)
    try:
        return Client(address, timeout=_SECONDS_TO_CONNECT, security=security, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise GraderError(
            f"no scheduler answers at {address} ({str(error) or 'it took too long'}). Start it "
            "with `dask scheduler`, with certificates of the same authority as here; "
            "docs/cluster.md says how."
        ) from error


def _worker_names(client: Client) -> dict[str, str]:
    workers = client.scheduler_info(n_workers=-1)["workers"]
    return {address: _show(address, str(about["name"])) for address, about in workers.items()}


def _addresses(client: Client) -> list[str]:
    """Where a cluster can be reached: its scheduler, and all workers."""
    return [client.scheduler_info()["address"], *_worker_names(client)]


def _show(address: str, name: str) -> str:
    return f"worker {address}" if name == address else f"worker {name} ({address})"
