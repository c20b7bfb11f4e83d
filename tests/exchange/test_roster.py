"""Rosters and gradebooks of other systems, and the names in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.exchange import csv_files
from grader.exchange.csv_files import read_sheet
from grader.exchange.ids import Id, Kind
from grader.exchange.roster import Roster, read_roster, spellings


def roster(folder: Path, text: str, encoding: str = "utf-8") -> Roster:
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return read_roster(path)


@pytest.mark.parametrize(
    ("name", "squeezed"),
    [
        ("Jane Doe", {"janedoe", "doejane"}),
        ("Doe, Jane", {"janedoe", "doejane"}),
        ("Jane van Doe", {"janevandoe", "vandoejane", "doejanevan"}),
        ("Ray Sue, Doe", {"raysuedoe", "doeraysue"}),  # which is the last name is known
        ("Jos\u00e9 D'\u00c5vila", {"josedavila", "davilajose"}),
        ("", set()),
        (", -", set()),
    ],
)
def test_a_name_is_found_in_each_spelling_of_other_systems(name: str, squeezed: set[str]) -> None:
    assert spellings(name) == squeezed


def test_our_own_grades_are_a_roster_that_names_folders(tmp_path: Path) -> None:
    match = roster(tmp_path, "student,double,total\nDoe-12,4,4\n").find(
        [Id(Kind.UNKNOWN, "doe-12")], ""
    )
    assert match is not None
    assert (match.person.folder, match.by_name) == ("Doe-12", False)


def test_rows_that_are_not_people_are_left_out(tmp_path: Path) -> None:
    text = 'Student,ID,SIS Login ID\n  Points Possible,,\n,,\nDoe,1,jdoe\n"Student, Test",2,\n'
    assert [it.folder for it in roster(tmp_path, text).people] == ["jdoe"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path: Path, encoding: str) -> None:
    found = roster(tmp_path, "name;login\r\nJos\u00e9;jose\r\n", encoding)
    assert [it.name for it in found.people] == ["Jos\u00e9"]


def test_a_table_in_another_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    with pytest.raises(GraderError, match=r"roster\.csv is not UTF-8; save it"):
        roster(tmp_path, "name,login\nJos\u00e9,jose\n", "latin-1")


def test_a_huge_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_files, "_MAX_BYTES", 2048)
    path = tmp_path / "roster.csv"
    path.write_text("name\n" + "a" * 2043, encoding="utf-8")
    assert len(read_sheet(path).rows) == 2
    path.write_text("name\n" + "a" * 2044, encoding="utf-8")
    with pytest.raises(GraderError, match="is larger than 2 KiB"):
        read_sheet(path)
