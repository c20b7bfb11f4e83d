"""CSV files of other systems, read and written back in the same dialect.

A system takes its gradebook back only if the columns, their order, the separator and the byte
order mark are unchanged.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from grader.errors import GraderError, reason_in_words
from grader.text import clean_name
from grader.text.wording import size_in_words

_MAX_BYTES: Final = 64 * 2**20
_SEPARATORS: Final = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of texts; the first row holds the names of the columns."""

    rows: tuple[tuple[str, ...], ...]
    separator: str = ","
    has_mark: bool = False  # begins with a byte order mark, which Excel needs

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, without blanks around them."""
        return tuple(name.strip() for name in self.rows[0])

    def column(self, *names: str) -> int | None:
        """The index of the first of these columns that exists, in any case; None if none does."""
        folded = [name.casefold() for name in self.columns]
        return next((folded.index(name) for name in names if name in folded), None)

    def with_rows(self, rows: Iterable[Iterable[str]]) -> Sheet:
        """A file of the same dialect with other rows."""
        return replace(self, rows=tuple(tuple(row) for row in rows))

    def render(self) -> str:
        """The file's text, in RFC 4180 except for the separator."""
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=self.separator).writerows(self.rows)
        return ("\ufeff" if self.has_mark else "") + out.getvalue()


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file, whichever separator it has.

    Raises:
        GraderError: it cannot be read, is no CSV file, is not UTF-8, or is empty.
    """
    label = clean_name(path.name)
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise GraderError(f"{label} cannot be read: {reason_in_words(error)}") from error
    if len(data) > _MAX_BYTES:
        raise GraderError(f"{label} is larger than {size_in_words(_MAX_BYTES)}")
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise GraderError(f"{label} is not UTF-8; save it as “CSV UTF-8”") from None
    # The separator is the one that makes the most columns of the first line.
    head = text.partition("\n")[0]
    try:
        separator = max(
            _SEPARATORS, key=lambda sign: len(next(csv.reader([head], delimiter=sign), []))
        )
        rows = _parse(text, separator)
    except csv.Error as error:
        raise GraderError(f"{label} is not a CSV file that can be read: {error}") from error
    if not rows:
        raise GraderError(f"{label} is empty")
    marked = utf16 or data.startswith(codecs.BOM_UTF8)
    return Sheet(tuple(rows), separator, marked)


def _parse(text: str, separator: str) -> list[tuple[str, ...]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return [tuple(row) for row in reader if row]


def cells(sheet: Sheet, row: int, columns: Mapping[str, int]) -> dict[str, str]:
    """Some cells of a row by name, without blanks around them; cells behind its end are empty."""
    values = sheet.rows[row]
    return {name: values[at].strip() if at < len(values) else "" for name, at in columns.items()}
