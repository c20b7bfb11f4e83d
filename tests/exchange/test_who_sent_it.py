"""`grader collect` files nothing under the wrong person, and passes over nobody."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING, Final

import pytest
from downloads import GOOD, Download, course_of_three
from submitted_files import zipped

if TYPE_CHECKING:
    from tiny_course import CourseWriter


@pytest.fixture
def download(tiny_course: CourseWriter) -> Download:
    return Download(course_of_three(tiny_course))


def roster(download: Download, text: str, encoding: str = "utf-8") -> tuple[str, str]:
    path = download.course.parent / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return "--roster", str(path)


GRADESCOPE: Final = """\
submission_1:
  :submitters:
  - {":name": Jane Doe, ":sid": "SID", ":email": "EMAIL"}
"""

# Who it is


def test_a_name_never_matches_another_sid_of_gradescope(download: Download) -> None:
    download.put(
        {
            "submission_1/double.py": GOOD,
            "submission_metadata.yml": GRADESCOPE.replace("SID", "3031").replace("EMAIL", "j@x"),
        }
    )
    text = "First Name,Last Name,SID,Email\nJane,Doe,3032,jd@x.edu\n"
    result = download.collect("gradescope", *roster(download, text))
    assert result.exit_code == 1
    assert "Jane Doe could be jd, but has another number (student id 3031, not 3032)" in (
        result.output
    )
    assert download.collected() == {}


def test_without_a_number_on_one_side_a_name_is_enough_and_told(download: Download) -> None:
    download.put(
        {
            "submission_1/double.py": GOOD,
            "submission_metadata.yml": GRADESCOPE.replace("SID", "").replace("EMAIL", "j@x"),
        }
    )
    text = "First Name,Last Name,SID,Email\nJane,Doe,3032,jd@x.edu\n"
    result = download.collect("gradescope", *roster(download, text))
    assert result.exit_code == 0, result.output
    assert "Jane Doe taken for jd, by the name" in result.output


def test_moodles_participant_is_no_student_id(download: Download) -> None:
    download.put({"Jane Doe_4_assignsubmission_file_/double.py": GOOD})
    text = "name,student id,login\nJoe Roe,4,jroe\nJane Doe,7,jdoe\n"
    result = download.collect("moodle", *roster(download, text))
    assert result.exit_code == 0, result.output
    assert list(download.collected()) == ["jdoe/double.py"]


@pytest.mark.parametrize("columns", ["ID,SIS Login ID", "id,login"])
def test_where_name_and_number_disagree_a_person_has_to_look(
    download: Download, columns: str
) -> None:
    download.put({"doejane_12_7_double.py": GOOD, "kimlee_14_8_double.py": GOOD})
    text = f'Student,{columns}\n"Roe, John",12,jroe\n"Doe, Jane",13,jdoe\n"Kim, Lee",14,lkim\n'
    result = download.collect("canvas", *roster(download, text))
    assert result.exit_code == 1
    assert "doejane has the number 12, which is Roe, John's; name and number disagree" in (
        result.output
    )
    assert list(download.collected()) == ["lkim/double.py"]


def test_a_column_id_that_holds_canvas_ids_for_some_holds_them_for_all(download: Download) -> None:
    download.put({"doejane_12_7_double.py": GOOD, "kimlee_14_8_double.py": GOOD})
    text = "name,id,login\nJane Doe,13,jdoe\nLee Kim,14,lkim\n"
    result = download.collect("canvas", *roster(download, text))
    assert result.exit_code == 1
    assert "doejane could be jdoe, but has another number (canvas 12, not 13)" in result.output
    assert list(download.collected()) == ["lkim/double.py"]
    text = "name,id,login\nJane Doe,900013,jdoe\nLee Kim,900014,lkim\n"  # of the school
    assert download.collect("canvas", *roster(download, text)).exit_code == 0
    assert list(download.collected()) == ["jdoe/double.py", "lkim/double.py"]


def test_nobody_on_the_roster_is_an_error(download: Download) -> None:
    download.put({"doejane_12_7_double.py": GOOD})
    result = download.collect("canvas", *roster(download, "name,login\nJoe Roe,jroe\n"))
    assert result.exit_code == 1
    assert "nobody of the download is on the roster" in result.output


# Which file it is


def test_two_files_at_one_depth_are_left_to_a_person(download: Download) -> None:
    download.put({"ada/a/double.py": "one", "ada/b/double.py": "two", "ada/threefold.py": GOOD})
    result = download.collect("folder")
    assert result.exit_code == 1
    told = "ada/a/double.py and ada/b/double.py: each could be double, and they differ"
    assert told in result.output
    assert list(download.collected()) == ["ada/threefold.py"]


@pytest.mark.parametrize("packed", [False, True])
def test_the_shallower_counts_and_tools_folders_are_not_looked_into(
    download: Download, *, packed: bool
) -> None:
    files = {
        "double.py": GOOD, "old/double.py": "old", "old/threefold.py": GOOD,
        "venv/lib/threefold.py": "x", "site-packages/half_double.py": "x",
        ".ipynb_checkpoints/double-checkpoint.ipynb": "x", "__MACOSX/threefold.py": "x",
    }  # fmt: skip
    download.put(
        {"ada/hw.zip": zipped(*files.items())}
        if packed
        else {f"ada/{name}": text for name, text in files.items()}
    )
    result = download.collect("folder")
    assert result.exit_code == 0, result.output
    assert download.collected() == {"ada/double.py": GOOD, "ada/threefold.py": GOOD}
    assert "old/double.py: nearer to the top" in result.output


# Nobody is gone


def test_everyone_without_a_lesson_is_a_line_of_its_own(download: Download) -> None:
    numbers = range(10, 22)
    files = {f"student{n}_{n}_{n}_essay{n}.pdf": "" for n in numbers}
    files |= {"doejane_5_text.html": "<p>I am done</p>", "roejohn_6_7_double.py": GOOD}
    files |= {"kimlee_8_9_hw.rar": "bytes", "leekim_30_31_homework.docx": ""}
    download.put(files)
    result = download.collect("canvas")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    for n in numbers:
        assert f"student{n}: no lesson in student{n}_{n}_{n}_essay{n}.pdf" in lines
    assert "doejane: no lesson in doejane_5_text.html" in lines
    assert "leekim: no lesson in leekim_30_31_homework.docx" in lines
    assert any("kimlee_8_9_hw.rar: cannot be opened here; hand in" in line for line in lines)
    assert "15 to look at." in result.output


def test_a_text_typed_into_moodle_is_named_and_counts_as_no_lesson(download: Download) -> None:
    download.put({"Jane Doe_4_assignsubmission_onlinetext_/onlinetext.html": "<p>hi</p>"})
    result = download.collect("moodle")
    assert result.exit_code == 1
    assert "Jane Doe: no lesson in Jane Doe_4_assignsubmission_onlinetext_/onlinetext.html" in (
        result.output
    )


def tarred(name: str, text: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(text)
        archive.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [
        ("hw.tar.gz", tarred("a/b/double.py", GOOD), "double.py"),
        ("hw.tgz", tarred("double.py", GOOD), "double.py"),
        ("hw.zip", zipped(("in.zip", zipped(("a/double.py", GOOD)))), "double.py"),
        ("double.py.txt", GOOD, "double.py"),
        ("double.ipynb.txt", GOOD, "double.ipynb"),
        ("double.ipynb.json", GOOD, "double.ipynb"),
    ],
)
def test_whatever_a_lesson_lies_in_is_simply_read(
    download: Download, name: str, content: str | bytes, taken: str
) -> None:
    download.put({f"doejane_12_7_{name}": content})
    result = download.collect("canvas")
    assert result.exit_code == 0, result.output
    assert download.collected() == {f"doejane-12/{taken}": GOOD}
    assert not download.record("doejane-12")["is_guess"]


def test_a_name_of_many_blanks_is_left_out_in_no_time(download: Download) -> None:
    blanks = " " * 65_000
    data = zipped((f"a{blanks}(1.py", GOOD), (f"double{blanks}.py", GOOD))
    download.put({"doejane_12_7_hw.zip": data, "roejohn_6_7_double.py": GOOD})
    result = download.collect("canvas")
    assert result.exit_code == 1
    assert result.output.count("has a name that is too long; give it a shorter one") == 2
    assert list(download.collected()) == ["roejohn-6/double.py"]
