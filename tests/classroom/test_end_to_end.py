"""A whole assignment by nbgrader's own commands, from the release to the feedback."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from room import Room, cells_called, grader_scores

pytestmark = pytest.mark.classroom

ANSWERS = {
    "ada": {
        "answer-double": "def double(x):\n    return 2 * x",
        "answer-halve": "def halve(x):\n    return x / 2",
        "written-why": "Halving takes back what doubling does. <script>alert(1)</script>",
        "answer-quadruple": "def quadruple(x):\n    return double(double(x))",
    },
    "ben": {
        "answer-double": "def double(x):\n    return x ** 2",
        "answer-halve": "def halve(x):\n    return x // 2",
    },
}


@pytest.fixture(scope="module")
def room(released: Room, tmp_path_factory: pytest.TempPathFactory) -> Room:
    """A classroom with an exchange of its own, at the end of the term."""
    folder = tmp_path_factory.mktemp("term")
    room = Room(folder / "room", released.course, "tiny")
    shutil.copytree(released.root, room.root)
    exchange = folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    lines = f"\nc.Exchange.root = {str(exchange)!r}\n"
    with (room.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(lines)
    room.nbgrader("release_assignment", "tiny")
    for student, answers in ANSWERS.items():
        work(room, student, lines, answers)
    room.nbgrader("collect", "tiny")
    room.nbgrader("autograde", "tiny")
    mark(room, "ada", 1.5, "Say more of the way back.")
    room.nbgrader("generate_feedback", "tiny")
    room.nbgrader("release_feedback", "tiny")
    for student in ANSWERS:
        room.run("nbgrader", "fetch_feedback", "tiny", cwd=desk(room, student),
                 environment=home_of(room, student))  # fmt: skip
    return room


def desk(room: Room, student: str) -> Path:
    return room.root.with_name(f"{student}-desk")


def home_of(room: Room, student: str) -> dict[str, str]:
    home = room.root.with_name(f"{student}-home")
    return {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_DATA_DIR": str(home / "data"),
    }


def work(room: Room, student: str, lines: str, answers: dict[str, str]) -> None:
    """What a student does: fetch, fill in, submit."""
    own = home_of(room, student)
    config = Path(own["JUPYTER_CONFIG_DIR"]) / "nbgrader_config.py"
    config.parent.mkdir(parents=True)
    # All are one account of this machine, so that each says who they are.
    who = f"c.CourseDirectory.student_id = {student!r}\nc.CourseDirectory.course_id = 'tiny'\n"
    config.write_text(f"c = get_config()\n{lines}{who}", "utf-8")
    desk(room, student).mkdir()
    room.run("nbgrader", "fetch_assignment", "tiny", cwd=desk(room, student), environment=own)
    for path in (desk(room, student) / "tiny").glob("*.ipynb"):
        with room.edit(path) as notebook:
            for name, source in answers.items():
                for cell in cells_called(notebook, name):
                    cell["source"] = source
    room.run("nbgrader", "submit", "tiny", cwd=desk(room, student), environment=own)


def mark(room: Room, student: str, points: float, comment: str) -> None:
    """What formgrader does when a person gives a mark."""
    from nbgrader.api import Gradebook  # noqa: PLC0415

    with Gradebook(f"sqlite:///{room.root}/gradebook.db") as gradebook:
        gradebook.find_grade("written-why", "twice", "tiny", student).manual_score = points
        found = gradebook.find_comment("written-why", "twice", "tiny", student)
        found.manual_comment = comment
        gradebook.db.commit()


def feedback(room: Room, student: str) -> str:
    (page,) = (desk(room, student) / "tiny" / "feedback").rglob("twice.html")
    return page.read_text("utf-8")


def test_marks_are_those_of_grader_grade_and_the_person(room: Room, tmp_path: Path) -> None:
    ours = grader_scores(room, tmp_path / "out")
    assert ours["ada"]["twice"] == 7
    ours["ada"]["twice"] += 1.5
    assert room.scores() == ours


def test_a_student_reads_points_messages_and_the_comment(room: Room) -> None:
    page = feedback(room, "ada")
    assert "4 of 4 points" in page
    assert "double(21) is 42." in page
    assert "Say more of the way back." in page
    assert "twice as much is not as much" in feedback(room, "ben")


def test_the_feedback_runs_nothing_that_a_student_wrote(room: Room) -> None:
    assert "<script>alert(1)" not in feedback(room, "ada")


def test_no_student_reads_of_hidden_checks(room: Room) -> None:
    for student in ANSWERS:
        for path in desk(room, student).rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                assert b"canary" not in data, path
                assert b"undoes doubling" not in data, path


def test_regrading_keeps_the_mark_that_a_person_gave(room: Room) -> None:
    before = room.scores()
    room.nbgrader("autograde", "tiny", "--force")
    assert room.scores() == before
    room.grader("classroom", "autograde", "tiny", "--force")
    assert room.scores() == before


def test_a_student_without_a_written_answer_needs_nobody_to_mark_it(room: Room) -> None:
    from nbgrader.api import Gradebook  # noqa: PLC0415

    with Gradebook(f"sqlite:///{room.root}/gradebook.db") as gradebook:
        grade = gradebook.find_grade("written-why", "twice", "tiny", "ben")
        assert (grade.score, grade.needs_manual_grade) == (0, False)


def test_the_export_has_everybodys_score(room: Room) -> None:
    room.nbgrader("export", "--to", "grades.csv")
    with (room.root / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(rows["ada"]["score"]) == sum(room.scores()["ada"].values())
