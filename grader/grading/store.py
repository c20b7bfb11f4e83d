"""The results and the marks by hand of an output folder, in one crash-safe SQLite file.

Each result is stored with a *fingerprint* of all that it depends on. Marks by hand have a table of
their own, so grading again leaves them as they are.

Only one program at a time can have the file open. It holds SQLite's lock, which the system takes
back however the program ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

import msgspec

from grader.errors import GraderError
from grader.results import LessonResult, Status
from grader.results.manual_marks import Mark

FILENAME: Final = "grades.sqlite3"

_APPLICATION: Final = 0x67726472  # "grdr": tells our files from other SQLite files
_VERSION: Final = 2

# The column `weak` holds `StoredResult.incomplete`; another name would make old files unreadable.
_TABLES: Final = (
    """CREATE TABLE results (
        student TEXT, lesson TEXT, fingerprint BLOB NOT NULL, weak TEXT NOT NULL,
        isolation TEXT NOT NULL, result BLOB NOT NULL,
        PRIMARY KEY (student, lesson)) WITHOUT ROWID""",
    """CREATE TABLE marks (
        student TEXT, lesson TEXT, question TEXT, points REAL NOT NULL, comment TEXT,
        answer TEXT NOT NULL, marked_at TEXT NOT NULL,
        PRIMARY KEY (student, lesson, question)) WITHOUT ROWID""",
)


_RESULT: Final = msgspec.json.Decoder(LessonResult)
#: Different results that are shared at the same time. Most of a class get one of a few: all passed.
_MOST_SHARED: Final = 1024


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A result, and what it depends on: it is valid as long as all three are the same."""

    result: LessonResult
    fingerprint: bytes  # see :mod:`grader.grading.lesson_fingerprints`
    incomplete: tuple[str, ...]  # the lessons that this one can import and that lost marks
    isolation: str  # the level at which it was graded


class Store:
    """The results and marks of one output folder; see :func:`open_store`."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    def results(self, student: str) -> dict[str, StoredResult]:
        """A student's stored results, by lesson."""
        with _in_words(self._path):
            rows = self._connection.execute(
                "SELECT lesson, fingerprint, weak, isolation, result FROM results"
                " WHERE student = ?",
                (student,),
            ).fetchall()
        results: dict[str, StoredResult] = {}
        for lesson, fingerprint, incomplete, isolation, text in rows:
            try:
                result = _read(text)
            except msgspec.DecodeError:  # damaged, or of another shape: it is graded once more
                continue
            results[lesson] = StoredResult(
                result, fingerprint, tuple(incomplete.split()), isolation
            )
        return results

    def keep(self, student: str, row: StoredResult) -> LessonResult:
        """Store a result, unless a check of it could not be graded: that is tried again.

        It is on disk when the block of :meth:`together` around it ends.

        Returns:
            The result, as one object for all students who have the same. So a large class needs
            little memory.
        """
        result = row.result
        if any(check.status in (Status.GRADER_ERROR, Status.UNDECIDED) for check in result.checks):
            return result
        incomplete = " ".join(row.incomplete)  # ids are Python names
        text = msgspec.json.encode(result)
        with _in_words(self._path):
            self._connection.execute(
                "INSERT OR REPLACE INTO results (student, lesson, fingerprint, weak, isolation,"
                " result) VALUES (?, ?, ?, ?, ?, ?)",
                (student, result.lesson, row.fingerprint, incomplete, row.isolation, text),
            )
        return _read(text)

    @contextmanager
    def together(self) -> Iterator[Self]:
        """At the end of this block, store everything that was written in it; or nothing."""
        with _in_words(self._path):
            self._connection.execute("BEGIN")
        try:
            yield self
        except BaseException:
            # A full disk may have ended the transaction already.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        with _in_words(self._path):
            self._connection.execute("COMMIT")

    def mark(self, mark: Mark) -> None:
        """Store a mark. It replaces an earlier one for the same question."""
        with _in_words(self._path):
            self._connection.execute(
                "INSERT OR REPLACE INTO marks (student, lesson, question, points, comment, answer,"
                " marked_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                astuple(mark),
            )

    def unmark(self, student: str, lesson: str, question: str) -> bool:
        """Delete a mark; return whether there was one."""
        with _in_words(self._path):
            deleted = self._connection.execute(
                "DELETE FROM marks WHERE student = ? AND lesson = ? AND question = ?",
                (student, lesson, question),
            )
        return deleted.rowcount > 0

    def marks(self, student: str | None = None) -> list[Mark]:
        """All marks, or one student's, sorted by student, lesson and question."""
        with _in_words(self._path):
            rows = self._connection.execute(
                "SELECT student, lesson, question, points, comment, answer, marked_at FROM marks"
                " WHERE ?1 IS NULL OR student = ?1 ORDER BY student, lesson, question",
                (student,),
            ).fetchall()
        return [Mark(*row) for row in rows]


@lru_cache(maxsize=_MOST_SHARED)
def _read(text: bytes) -> LessonResult:
    """The result that was stored as this text.

    Raises:
        msgspec.DecodeError: it is none.
    """
    return _RESULT.decode(text)


@contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """The store of an output folder, made if it is not there, for one program at a time.

    Raises:
        GraderError: another program has it open, it cannot be written, or it is damaged. Nothing
            in it is ever deleted.
    """
    path = folder / FILENAME
    with _in_words(path):
        # Autocommit: a transaction begins where the code says so, and nowhere else.
        connection = sqlite3.connect(path, timeout=0.0, isolation_level=None)
    try:
        with _in_words(path):
            _prepare(connection, path)
        yield Store(path, connection)
    finally:
        connection.close()


def now() -> str:
    """The time in the form of all records: ISO 8601, UTC, in seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    # Without shared memory there is no `-shm` file, and the lock is kept from the first reading.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    _is_new(connection, path)  # before anything is written: the file may be somebody else's
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # a power cut loses nothing either
    connection.execute("BEGIN EXCLUSIVE")
    if _is_new(connection, path):
        for table in _TABLES:
            connection.execute(table)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {_VERSION}")
    connection.execute("COMMIT")


def _is_new(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the file is still empty; raises GraderError when it is not ours."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        return True
    if (application, version) != (_APPLICATION, _VERSION):
        raise GraderError(
            f"{path} was not written by this version of the grader. Move it somewhere else, "
            "or choose another output folder, and grade again."
        )
    return False


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn an error of SQLite into a sentence that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest is detail
        raise GraderError(_REASONS.get(code, _OTHERWISE).format(path=path, error=error)) from error


_CANNOT_WRITE: Final = (
    "{path} cannot be written ({error}). Earlier results are still there; make the folder "
    "writable, or choose another one, and run the same command again."
)
_DAMAGED: Final = (
    "{path} is damaged ({error}). Nothing was changed. Restore it from a copy, or move it "
    "somewhere else: then everyone is graded again, and marks given by hand are missing."
)
_OTHERWISE: Final = (
    "{path} cannot be used ({error}). What was graded before is kept; run the same command again."
)
_REASONS: Final[Mapping[int, str]] = {
    sqlite3.SQLITE_BUSY: (
        "another grader is at work in the same output folder (it has {path} open). "
        "Wait until it has ended, or choose another folder."
    ),
    sqlite3.SQLITE_FULL: (
        "the disk is full: {path} cannot grow. What was graded before is kept; make room, and "
        "run the same command again."
    ),
    sqlite3.SQLITE_IOERR: (
        "{path} cannot be read or written ({error}; is the disk full?). What was graded before is "
        "kept; run the same command again."
    ),
    sqlite3.SQLITE_READONLY: _CANNOT_WRITE,
    sqlite3.SQLITE_CANTOPEN: _CANNOT_WRITE,
    sqlite3.SQLITE_PERM: _CANNOT_WRITE,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}
