"""Rosters and gradebooks of other systems, and the names in them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from grader.errors import GraderError
from grader.exchange import csv_files
from grader.exchange.csv_files import read_sheet
from grader.exchange.ids import Id, Kind
from grader.exchange.roster import Person, Roster, read_roster, spellings


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
    assert [person.folder for person in roster(tmp_path, text).people] == ["jdoe"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path: Path, encoding: str) -> None:
    read = roster(tmp_path, "name;login\r\nJos\u00e9;jose\r\n", encoding)
    assert [person.name for person in read.people] == ["Jos\u00e9"]


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


JANE: Final = "Jane Doe"


def find(ours: Id, name: str, theirs: Id, their_name: str) -> str:
    """How somebody with an id and a name is found in a class of two, or why not."""
    roster = Roster([Person("jdoe", name, frozenset({ours})), Person("roe", "Roe", frozenset())])
    try:
        match = roster.find([theirs], their_name)
    except GraderError as error:
        return str(error)
    if match is None:
        return "nobody"
    return "by name" if match.by_name else "by id"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("3031", "\uff13\uff10\uff13\uff11"),
        ("31", "0031"),
        ("3031.0", "3031"),
        ("3031", "'3031"),
        ("3031", "#3031"),
        ("3031", "3031\u00a0"),
        ("3031", "\u200e3031"),
        ("a3031", "A3031"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(number: str, written: str) -> None:
    ids = Id(Kind.STUDENT_ID, number), Id(Kind.STUDENT_ID, written)
    assert find(ids[0], JANE, ids[1], JANE) == "by id"
    assert find(ids[1], JANE, ids[0], JANE) == "by id"


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        (Kind.STUDENT_ID, "3032"),
        (Kind.STUDENT_ID, "30310"),
        (Kind.STUDENT_ID, "A3031"),
        (Kind.STUDENT_ID, "3,031"),
        (Kind.CANVAS, "3032"),
        (Kind.LOGIN, "3032"),
    ],
)
def test_a_name_is_not_enough_beside_another_number(kind: Kind, other: str) -> None:
    assert "name and number disagree" in find(Id(kind, "3031"), JANE, Id(kind, other), JANE)


def test_another_login_that_is_a_word_does_not_forbid_a_name() -> None:
    assert find(Id(Kind.LOGIN, "jdoe"), JANE, Id(Kind.LOGIN, "jane.doe"), JANE) == "by name"


@pytest.mark.parametrize("number", ["3031", "\uff13\uff10\uff13\uff11", "s3031"])
def test_a_students_number_with_somebody_elses_name_is_looked_at(number: str) -> None:
    ours = Id(Kind.STUDENT_ID, number.replace("\uff13\uff10\uff13\uff11", "3031"))
    assert "disagree" in find(ours, "Bob Marley", Id(Kind.STUDENT_ID, number), JANE)


@pytest.mark.parametrize(
    "name", ["Jane\u200f Doe", "Ja\u200dne Doe", "Ja\u00adne Doe", "\uff2aane Doe", "DOE, Jane"]
)
def test_a_name_is_found_whatever_marks_are_in_it(name: str) -> None:
    assert find(Id(Kind.LOGIN, "jdoe"), JANE, Id(Kind.EMAIL, "jane@x"), name) == "by name"


def test_letters_that_only_look_alike_are_another_name() -> None:
    cyrillic = JANE.replace("a", "\u0430")
    assert find(Id(Kind.LOGIN, "jdoe"), JANE, Id(Kind.EMAIL, "jane@x"), cyrillic) == "nobody"
