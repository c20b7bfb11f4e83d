"""Which worker of pytest-xdist runs which tests, and what becomes of them if it crashes."""

from __future__ import annotations

from xdist.scheduler import LoadGroupScheduling
from xdist.workermanage import WorkerController


class FilesTogether(LoadGroupScheduling):  # type: ignore[misc]  # has no types
    """One worker runs all tests of a file, or of an `xdist_group`: they share what is dear.

    If a worker crashes, the test that it was running has failed. The worker in its place, or
    another one, runs the tests that it had yet to run. pytest-xdist 3.8 would run the failed test
    again, hand out files that are finished, and give tests to a worker that has not found them yet.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        return test.partition("@@")[2] or file

    def _reschedule(self, node: WorkerController) -> None:
        if node in self.registered_collections:
            super()._reschedule(node)

    def remove_node(self, node: WorkerController) -> str | None:
        """Take a worker out that has ended; return the test during which it crashed, if it did."""
        files = self.assigned_work[node]
        crashed = next(
            (test for tests in files.values() for test in tests if not tests[test]), None
        )
        if crashed is not None:
            files[self._split_scope(crashed)][crashed] = True
        for file in [file for file, tests in files.items() if all(tests.values())]:
            del files[file]
        super().remove_node(node)
        return crashed
