"""What a scheduler does for one run of the grader: a plugin of Dask's."""

from __future__ import annotations

from typing import Any

from distributed import Scheduler, SchedulerPlugin


class RunOnScheduler(SchedulerPlugin):
    """Tells a run of workers that come and go, and cleans up when its command has ended."""

    def __init__(self, run: str, client: str) -> None:
        """Prepare.

        Args:
            run: the name of the run, of its plugin on the workers, and of the topic of events.
            client: the id that Dask has given to the command.
        """
        self.name = run
        self._client = client
        self._scheduler: Scheduler | None = None
        self._usual_failures = 0  # that the scheduler allows while no run is going on

    async def start(self, scheduler: Scheduler) -> None:
        """Let Dask tell of each lost worker at once: the command decides what is tried again."""
        self._scheduler = scheduler
        others = self._other_runs(scheduler)
        self._usual_failures = others[0]._usual_failures if others else scheduler.allowed_failures
        scheduler.allowed_failures = 0

    def add_worker(self, scheduler: Scheduler, worker: str) -> None:
        """Tell that a worker has joined."""
        name = str(scheduler.workers[worker].name)
        scheduler.log_event(self.name, {"joined": worker, "name": name})

    def remove_worker(
        self, scheduler: Scheduler, worker: str, *, stimulus_id: str, **_: Any
    ) -> None:
        """Tell that a worker has gone."""
        scheduler.log_event(self.name, {"gone": worker})

    def remove_client(self, scheduler: Scheduler, client: str) -> None:
        """Clean up on all workers when the command has ended, or was lost."""
        if client == self._client:
            scheduler.loop.add_callback(self._end_run, scheduler)

    async def _end_run(self, scheduler: Scheduler) -> None:
        scheduler.remove_plugin(name=self.name)
        if not self._other_runs(scheduler):
            scheduler.allowed_failures = self._usual_failures
        if self.name in scheduler.worker_plugins:
            await scheduler.unregister_worker_plugin(None, name=self.name)

    def _other_runs(self, scheduler: Scheduler) -> list[RunOnScheduler]:
        plugins = scheduler.plugins.values()
        return [run for run in plugins if isinstance(run, RunOnScheduler) and run is not self]
