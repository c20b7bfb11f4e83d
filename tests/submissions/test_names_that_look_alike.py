"""Students whose names look alike are told apart in every output, for their names get a number."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from grader.submissions.intake import take_in
from grader.text import look

ZOE = "Zoë"
#: What a second student may add to the name of a first without being seen.
UNSEEN = {
    "two blanks": "ada  lovelace",
    "a blank that does not break": "ada\u00a0lovelace",
    "a thin blank": "ada\u2009lovelace",
    "an ideographic blank": "ada\u3000lovelace",
    "a blank at the end": "ada lovelace ",
    "a direction mark": "ada \u200elovelace",
    "an override of the direction": "ada \u202elovelace\u202c",
    "a zero-width blank": "ada\u200b lovelace",
    "a zero-width joiner": "a\u200dda lovelace",
    "a word joiner": "ada lovelace\u2060",
    "a soft hyphen": "ada love\u00adlace",
    "a Hangul filler": "ada lovelace\u3164",
    "a variation selector": "ada lovelace\ufe0f",
    "a tag": "ada lovelace\U000e0061",
    "wide letters": "\uff41da lovelace",
}


def students(folder: Path, *names: str) -> tuple[list[str], list[str]]:
    for name in names:
        place = folder / name
        place.mkdir()
        (place / "double.py").write_text("def double(x): return 2 * x\n", "utf-8")
    intake = take_in(folder, ["double"], max_file_bytes=1024)
    return [submission.student for submission in intake], intake.remarks.notes


@pytest.mark.parametrize("kind", UNSEEN)
def test_of_two_names_that_look_alike_the_plain_one_stays(tmp_path: Path, kind: str) -> None:
    names, notes = students(tmp_path, "ada lovelace", UNSEEN[kind])
    assert sorted(names) == sorted(["ada lovelace", f"{UNSEEN[kind]} (2)"])
    assert notes == ["two students are called ada lovelace; one is listed as (2)"]


def test_a_composed_and_a_decomposed_letter_look_alike(tmp_path: Path) -> None:
    names, _ = students(tmp_path, ZOE, unicodedata.normalize("NFD", ZOE))
    assert sorted(names) == sorted([ZOE, unicodedata.normalize("NFD", ZOE) + " (2)"])


def test_a_number_is_given_once(tmp_path: Path) -> None:
    names, _ = students(tmp_path, "ada", "ada (2)", "ada\u200b", "ada\u2060")
    assert len({look(name) for name in names}) == 4


@pytest.mark.parametrize("name", ["Zoe\u0308", "ada\u200b", "\u202eada", "李  雷"])
def test_a_name_that_is_there_once_stays_as_it_is(tmp_path: Path, name: str) -> None:
    assert students(tmp_path, name, "ben") == (sorted([name, "ben"]), [])


def test_names_that_look_different_stay_as_they_are(tmp_path: Path) -> None:
    names = ["ada", "Ada", "åda", "a da", "Jürgen", "Jurgen", "陳", "陈"]
    assert sorted(students(tmp_path, *names)[0]) == sorted(names)
