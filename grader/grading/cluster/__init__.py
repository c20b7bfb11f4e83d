"""Grading on the machines of a cluster of Dask's; ``docs/cluster.md`` says how to set one up.

Dask hands out the batches and tells which worker was lost. Only these modules know it, and they
are imported only if a scheduler is named.

The grader's command is a client of Dask. It sends a plugin to each worker
(:mod:`grader.grading.cluster.machine`), which unpacks the course and starts grading processes of
its own: a :class:`~grader.grading.local_backend.LocalBackend` there. It also sends a plugin to the
scheduler (:mod:`grader.grading.cluster.run_on_scheduler`), which tells of workers that come and
go, and cleans up when the command ends, however it ends.
"""
