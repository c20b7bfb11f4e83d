"""Watches for saved lessons: at once with file events, without them within a second."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final, Self

from grader.course import Lesson
from grader.learner.workbook import Workbook

_POLL_SECONDS: Final = 1.0
_SETTLE_MS: Final = 50  # an editor may write a file in several steps

#: The state of a lesson's files: path, time and size of each.
_Stamp = tuple[tuple[str, int, int], ...]


class SaveWatcher:
    """Reports the lessons that changed. Looks once a second, and at once after a file event.

    Without events (network folders, containers, a system out of watches) a report comes up to a
    second later.
    """

    def __init__(
        self, workbook: Workbook, saved: Callable[[list[Lesson]], None], *, events: bool = True
    ) -> None:
        """Prepare.

        Args:
            workbook: the files to watch.
            saved: called with the lessons that changed, from another thread.
            events: ask the system for file events.
        """
        self._workbook = workbook
        self._saved = saved
        self._events = events
        self._closed = threading.Event()
        self._look = threading.Event()
        self._threads = [
            threading.Thread(target=self._watch, daemon=True),
            threading.Thread(target=self._listen, daemon=True),
        ]

    def __enter__(self) -> Self:
        self._stamps = self._all_stamps()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._look.set()

    def _watch(self) -> None:
        while not self._closed.is_set():
            self._look.wait(_POLL_SECONDS)
            self._look.clear()
            stamps = self._all_stamps()
            changed = [lesson for lesson in stamps if stamps[lesson] != self._stamps[lesson]]
            self._stamps = stamps
            if changed and not self._closed.is_set():
                self._saved(changed)

    def _listen(self) -> None:
        if not self._events:
            return
        try:
            import watchfiles  # noqa: PLC0415  (a compiled library, which a system may lack)

            events: Any = watchfiles.watch(
                self._workbook.folder,
                watch_filter=None,
                debounce=4 * _SETTLE_MS,
                step=_SETTLE_MS,
                stop_event=self._closed,
                rust_timeout=500,
                raise_interrupt=False,
                recursive=False,
            )
            for _ in events:
                self._look.set()
        except Exception:  # noqa: BLE001  (no events, for whatever reason: polling goes on)
            return

    def _all_stamps(self) -> dict[Lesson, _Stamp]:
        return {lesson: self._stamp(lesson) for lesson in self._workbook.course.lessons}

    def _stamp(self, lesson: Lesson) -> _Stamp:
        parts: list[tuple[str, int, int]] = []
        folder = self._workbook.folder
        modules = [
            path for name in lesson.files for path in [folder / name, *(folder / name).rglob("*")]
        ]
        for path in (*self._workbook.files(lesson), *modules):
            try:
                state = path.stat()
            except OSError:  # gone just now
                continue
            parts.append((str(path), state.st_mtime_ns, state.st_size))
        return tuple(parts)
