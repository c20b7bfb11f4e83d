"""Submissions are read as they are, and a fault costs one lesson only."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from submitted_files import (
    CODE,
    NOTEBOOK,
    member,
    read_submissions,
    students,
    write,
    zipped,
)

from grader.errors import IntakeError
from grader.submissions.submission import Misnamed, Source, Unreadable

# -- what people hand in


@pytest.mark.usefixtures("either_way")
def test_a_class_of_folders_and_archives_is_read_in_order(tmp_path: Path) -> None:
    write(tmp_path / "grace/softmax.ipynb", NOTEBOOK)
    write(tmp_path / "ada/softmax.py", CODE.replace("\n", "\r\n"))
    write(tmp_path / "ada/shopping list.txt")
    write(tmp_path / "mary.zip", zipped(("dot_product.py", "d = 1\n"), ("softmax.ipynb", NOTEBOOK)))
    (tmp_path / "nobody").mkdir()
    taken = students(tmp_path)
    assert list(taken) == ["ada", "grace", "mary", "nobody"]
    assert taken["ada"] == {"softmax": Source("softmax.py", (CODE,), notebook=False)}
    assert taken["grace"] == {"softmax": Source("softmax.ipynb", ("x = 1",), notebook=True)}
    assert list(taken["mary"]) == ["dot_product", "softmax"]
    assert taken["nobody"] == {}


@pytest.mark.usefixtures("either_way")
def test_one_students_folder_or_archive_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "ada/softmax.py")
    write(tmp_path / "Grace.ZIP", zipped(("softmax.py", CODE)))
    monkeypatch.chdir(tmp_path / "ada")
    for path in (tmp_path / "ada", ".", "../ada"):
        assert list(students(path)) == ["ada"]
    assert list(students(tmp_path / "Grace.ZIP")) == ["Grace"]


def test_the_path_that_the_instructor_gives_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real/ada/softmax.py")
    write(tmp_path / "x.zip", zipped(("softmax.py", CODE)))
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "grace.zip").symlink_to("x.zip")
    assert list(students(tmp_path / "link")) == ["ada"]
    assert list(students(tmp_path / "link/ada")) == ["ada"]
    assert students(tmp_path / "grace.zip") == {
        "grace": {"softmax": Source("softmax.py", (CODE,), False)}
    }


def test_a_folder_with_more_in_it_says_what_was_ignored(tmp_path: Path) -> None:
    write(tmp_path / "ada/softmax.py")
    write(tmp_path / "ada/backup/notes.txt")
    write(tmp_path / "ada/photos.zip", zipped(("photo.png", "")))
    write(tmp_path / "ada/damaged.zip", "no zip")
    taken = read_submissions(tmp_path / "ada")
    assert [submission.student for submission in taken.submissions] == ["ada"]
    ignored = "backup, damaged.zip, photos.zip"
    assert f"read as one student's folder; ignored in it: {ignored}" in taken.notes[0]


@pytest.mark.parametrize(
    ("place", "content"),
    [
        ("ada/dot_product.ipynb", CODE),
        ("ada/assignment/softmax.py", CODE),
        ("ada.zip", zipped(("work/softmax.py", CODE))),
        ("ada.zip", zipped(("one/softmax.py", CODE), ("two/softmax.py", CODE))),
    ],
    ids=["a folder", "a folder in a folder", "a zip", "a zip with two folders"],
)
def test_a_stray_lesson_file_does_not_turn_a_class_into_one_student(
    tmp_path: Path, place: str, content: str | bytes
) -> None:
    write(tmp_path / "class/softmax.py")
    write(tmp_path / "class" / place, content)
    with pytest.raises(IntakeError, match="move those files elsewhere") as refused:
        read_submissions(tmp_path / "class")
    name = Path(place).parts[0]
    assert f"itself (softmax.py), and so does what lies beside them ({name})" in str(refused.value)


def test_hidden_files_are_ignored_silently(tmp_path: Path) -> None:
    write(tmp_path / "ada/softmax.py")
    write(tmp_path / ".git/softmax.py")
    write(tmp_path / ".DS_Store")
    write(tmp_path / "__MACOSX/softmax.py")
    taken = read_submissions(tmp_path)
    assert ([submission.student for submission in taken.submissions], taken.notes) == (["ada"], ())


def test_stray_files_and_near_misses_are_noted_for_the_instructor(tmp_path: Path) -> None:
    write(tmp_path / "grades\n.csv")
    write(tmp_path / "ada/softmax.py")
    write(tmp_path / "ada/dot_product (1).py")
    write(tmp_path / "bob/homework.docx")
    write(tmp_path / "eve.zip", zipped(("Softmax.py", CODE), ("a/b/c.py", CODE)))
    assert read_submissions(tmp_path).notes == (
        r"ignored, being neither a folder nor a .zip: grades\n.csv",
        "ada: dot_product is missing; dot_product (1).py is there, but "
        "only dot_product.py or dot_product.ipynb counts",
        "bob holds no file of a lesson's name; ignored in it: homework.docx",
        "eve.zip: softmax is missing; Softmax.py is there, but "
        "only softmax.py or softmax.ipynb counts",
        "eve.zip holds no file of a lesson's name; ignored in it: a/b/c.py",
    )


@pytest.mark.parametrize(
    "name", ["Softmax.py", "softmax (1).py", "softmax.docx", "1-softmax.ipynb"]
)
def test_a_misnamed_file_is_reported_in_the_lesson_itself(tmp_path: Path, name: str) -> None:
    write(tmp_path / "ada" / name)
    write(tmp_path / "ben.zip", zipped((name, CODE), ("dot_product.py", CODE)))
    misnamed = Misnamed(f"{name} is there, but only softmax.py or softmax.ipynb counts")
    assert students(tmp_path)["ada"] == {"softmax": misnamed}
    assert students(tmp_path)["ben"]["softmax"] == misnamed


def test_a_folder_counts_before_the_archive_of_the_same_name(tmp_path: Path) -> None:
    write(tmp_path / "ada/softmax.py")
    write(tmp_path / "ada.zip", zipped(("dot_product.py", CODE)))
    taken = read_submissions(tmp_path)
    assert [list(submission.lessons) for submission in taken.submissions] == [["softmax"]]
    assert taken.notes == ("ada: both the folder and ada.zip are there; the folder counts",)


@pytest.mark.parametrize(
    ("script_age", "notebook_age", "counts"),
    [(0, 60, "softmax.py"), (60, 0, "softmax.ipynb"), (0, 0, "softmax.py")],
    ids=["script newer", "notebook newer", "same age"],
)
def test_of_script_and_notebook_the_newer_counts_and_the_student_is_reported(
    tmp_path: Path, script_age: int, notebook_age: int, counts: str
) -> None:
    write(tmp_path / "c/ada/softmax.py", age=script_age)
    write(tmp_path / "c/ada/softmax.ipynb", NOTEBOOK, age=notebook_age)
    script = member("softmax.py", year=2026 - script_age // 10)
    notebook = member("softmax.ipynb", year=2026 - notebook_age // 10)
    write(tmp_path / "c/bob.zip", zipped((notebook, NOTEBOOK), (script, CODE)))
    for lessons in students(tmp_path / "c").values():
        lesson = lessons["softmax"]
        assert isinstance(lesson, Source)
        assert lesson.filename == counts
        assert f"both there; {counts} counts" in (lesson.note or "")


# -- names


@pytest.mark.skipif(os.name == "nt", reason="file names are bytes on POSIX only")
def test_names_that_are_not_text_become_different_texts(tmp_path: Path) -> None:
    root = os.fsencode(tmp_path)
    try:
        for name in (b"ren\xe9", b"ren\xe8", "ren\ufffd".encode()):
            os.mkdir(os.path.join(root, name))  # noqa: PTH102, PTH118 -- bytes
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    taken = read_submissions(tmp_path)
    assert [submission.student for submission in taken.submissions] == [
        "ren\ufffd",
        "ren\ufffd (2)",
        "ren\ufffd (3)",
    ]
    assert len(taken.notes) == 2
    json.dumps(
        [submission.student for submission in taken.submissions], ensure_ascii=False
    ).encode()


@pytest.mark.parametrize("name", ["Ada Lovelace", "=1+1", "名前", "a.b", "x\ny", "-rf"])
def test_a_student_has_the_name_of_the_folder(tmp_path: Path, name: str) -> None:
    write(tmp_path / name / "softmax.py")
    assert list(students(tmp_path)) == [name]


# -- nothing to grade


def test_a_path_without_submissions_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path / "strays/notes.txt")
    write(tmp_path / "softmax.txt")
    (tmp_path / "loop").symlink_to("loop")
    for path, words in {
        "nowhere": "no such file.*Name the folder that holds the submissions",
        "nul\0": "cannot be read",
        "loop": "cannot be read",
        "empty": r"holds no submissions\. Put one folder or one \.zip for each student",
        "strays": r"holds no submissions \(only notes\.txt\)",
        "softmax.txt": "neither a folder nor a .zip",
    }.items():
        with pytest.raises(IntakeError, match=words):
            read_submissions(tmp_path / path)


# -- whatever comes


GOOD_ZIP = zipped(
    ("softmax.py", CODE),
    (member("dot_product.ipynb", method=zipfile.ZIP_STORED), NOTEBOOK),
    ("ada/attention_matrix.py", CODE * 20),
)


@st.composite
def mangled_zips(draw: st.DrawFn) -> bytes:
    """A good archive with a few bytes changed, mostly in the tables that zipfile trusts."""
    data = bytearray(GOOD_ZIP)
    for _ in range(draw(st.integers(1, 4))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.integers(len(data) - 40, len(data)))])


@given(st.binary(), st.binary(), st.binary() | mangled_zips())
def test_any_bytes_become_a_source_or_words(script: bytes, notebook: bytes, archive: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder, "ada/softmax.py"), script)
        write(Path(folder, "ada/dot_product.ipynb"), notebook)
        write(Path(folder, "bob.zip"), archive)
        taken = read_submissions(folder)
    for submission in taken.submissions:
        for lesson in submission.lessons.values():
            if isinstance(lesson, Unreadable):
                assert lesson.reason.isprintable()
            elif isinstance(lesson, Source):
                assert "\r" not in "".join(lesson.cells).encode().decode()
    assert all(note.isprintable() for note in taken.notes)
    assert set(taken.submissions[0].lessons) == {"softmax", "dot_product"}
