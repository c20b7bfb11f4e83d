"""A whole assignment by nbgrader's own commands, from the release to the feedback."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from classroom_folder import Classroom, cells_called, grader_scores

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
def classroom(released_classroom: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A classroom with an exchange of its own, at the end of the term."""
    folder = tmp_path_factory.mktemp("term")
    classroom = released_classroom.copy_to(folder / "room")
    exchange = folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    lines = f"\nc.Exchange.root = {str(exchange)!r}\n"
    with (classroom.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(lines)
    classroom.nbgrader("release_assignment", "tiny")
    for student, answers in ANSWERS.items():
        work(classroom, student, lines, answers)
    classroom.nbgrader("collect", "tiny")
    classroom.nbgrader("autograde", "tiny")
    mark(classroom, "ada", 1.5, "Say more of the way back.")
    classroom.nbgrader("generate_feedback", "tiny")
    classroom.nbgrader("release_feedback", "tiny")
    for student in ANSWERS:
        classroom.nbgrader("fetch_feedback", "tiny", cwd=desk(classroom, student),
                 environment=home_of(classroom, student))  # fmt: skip
    return classroom


def desk(classroom: Classroom, student: str) -> Path:
    return classroom.root.with_name(f"{student}-desk")


def home_of(classroom: Classroom, student: str) -> dict[str, str]:
    home = classroom.root.with_name(f"{student}-home")
    return {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_DATA_DIR": str(home / "data"),
    }


def work(classroom: Classroom, student: str, lines: str, answers: dict[str, str]) -> None:
    """What a student does: fetch, fill in, submit."""
    own = home_of(classroom, student)
    config = Path(own["JUPYTER_CONFIG_DIR"]) / "nbgrader_config.py"
    config.parent.mkdir(parents=True)
    # All are one account of this machine, so that each says who they are.
    who = f"c.CourseDirectory.student_id = {student!r}\nc.CourseDirectory.course_id = 'tiny'\n"
    config.write_text(f"c = get_config()\n{lines}{who}", "utf-8")
    desk(classroom, student).mkdir()
    classroom.nbgrader("fetch_assignment", "tiny", cwd=desk(classroom, student), environment=own)
    for path in (desk(classroom, student) / "tiny").glob("*.ipynb"):
        with classroom.edit(path) as notebook:
            for name, source in answers.items():
                for cell in cells_called(notebook, name):
                    cell["source"] = source
    classroom.nbgrader("submit", "tiny", cwd=desk(classroom, student), environment=own)


def mark(classroom: Classroom, student: str, points: float, comment: str) -> None:
    """What formgrader does when a person gives a mark."""
    from nbgrader.api import Gradebook  # noqa: PLC0415

    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db") as gradebook:
        gradebook.find_grade("written-why", "twice", "tiny", student).manual_score = points
        found = gradebook.find_comment("written-why", "twice", "tiny", student)
        found.manual_comment = comment
        gradebook.db.commit()


def feedback(classroom: Classroom, student: str) -> str:
    (page,) = (desk(classroom, student) / "tiny" / "feedback").rglob("twice.html")
    return page.read_text("utf-8")


def test_marks_are_those_of_grader_grade_and_the_person(
    classroom: Classroom, tmp_path: Path
) -> None:
    ours = grader_scores(classroom, tmp_path / "out")
    assert ours["ada"]["twice"] == 7
    ours["ada"]["twice"] += 1.5
    assert classroom.scores() == ours


def test_a_student_reads_points_messages_and_the_comment(classroom: Classroom) -> None:
    page = feedback(classroom, "ada")
    assert "4 of 4 points" in page
    assert "double(21) is 42." in page
    assert "Say more of the way back." in page
    assert "twice as much is not as much" in feedback(classroom, "ben")


def test_the_feedback_runs_nothing_that_a_student_wrote(classroom: Classroom) -> None:
    assert "<script>alert(1)" not in feedback(classroom, "ada")


def test_no_student_reads_of_hidden_checks(classroom: Classroom) -> None:
    for student in ANSWERS:
        for path in desk(classroom, student).rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                assert b"canary" not in data, path
                assert b"undoes doubling" not in data, path


def test_regrading_keeps_the_mark_that_a_person_gave(classroom: Classroom) -> None:
    before = classroom.scores()
    classroom.nbgrader("autograde", "tiny", "--force")
    assert classroom.scores() == before
    classroom.grader("classroom", "autograde", "tiny", "--force")
    assert classroom.scores() == before


def test_a_student_without_a_written_answer_needs_nobody_to_mark_it(classroom: Classroom) -> None:
    from nbgrader.api import Gradebook  # noqa: PLC0415

    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db") as gradebook:
        grade = gradebook.find_grade("written-why", "twice", "tiny", "ben")
        assert (grade.score, grade.needs_manual_grade) == (0, False)


def test_the_export_has_everybodys_score(classroom: Classroom) -> None:
    classroom.nbgrader("export", "--to", "grades.csv")
    with (classroom.root / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(rows["ada"]["score"]) == sum(classroom.scores()["ada"].values())
