"""A heat map of a test cell in a real browser: in formgrader, JupyterLab and the feedback."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from browser import save_screenshot
from classroom_folder import BIN, LIGHTER_JUPYTER, Classroom, nbgrader_on_path, running_server
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.classroom, pytest.mark.browser]

#: JupyterLab makes the cells of a notebook as they come into view.
SCROLL_TO_THE_MAP = """() => new Promise(done => {
    const notebook = document.querySelector(".jp-WindowedPanel-outer");
    const look = () => {
        notebook.scrollTop += 400;
        const numbers = [...document.querySelectorAll("td")].map(it => it.textContent);
        numbers.includes("0.44") ? done() : setTimeout(look, 200);
    };
    look();
})"""


@pytest.fixture(scope="module")
def classroom(graded_classroom: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A classroom in which ben normalised along the wrong axis."""
    classroom = graded_classroom.copy_to(tmp_path_factory.mktemp("heat") / "room")
    only = ("--student=ben", "--notebook=softmax")
    classroom.nbgrader("generate_feedback", classroom.assignment, *only)
    return classroom


@pytest.fixture(scope="module")
def address(classroom: Classroom) -> Iterator[str]:
    """A JupyterLab of the instructor's, with formgrader."""
    command = [
        str(BIN / "jupyter-lab"), "--no-browser", "--allow-root", "--port=0",
        "--ServerApp.token=open", f"--ServerApp.root_dir={classroom.root}",
    ]  # fmt: skip
    path = f"{BIN}:{classroom.environment['PATH']}"
    environment = classroom.environment | {"PATH": path, "PYTHONPATH": LIGHTER_JUPYTER}
    # It may take minutes to put its extensions away, so it is killed.
    address = r"(http://127\.0\.0\.1:\d+)/lab"
    with running_server(command, address, classroom.root, environment, signal.SIGKILL) as found:
        yield found[1]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(120_000)
    yield page
    context.close()


def looks_right(page: Page, name: str) -> None:
    """The map is there in its colours, and what is wrong in bold; a picture is kept."""
    cell = page.locator("td:text-is('0.44')").first
    cell.scroll_into_view_if_needed()
    save_screenshot(page, f"heat-{name}")
    ground, ink = (
        cell.evaluate(f"it => getComputedStyle(it).{which}")
        for which in ("backgroundColor", "color")
    )
    assert ground not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
    assert ink == "rgb(28, 37, 48)"
    total = page.locator("td strong:text-is('1.64')").first
    assert int(total.evaluate("it => getComputedStyle(it).fontWeight")) >= 600
    assert page.locator("text=Each row should add up to 1. It is the columns that do.").count()


def test_in_the_feedback_that_a_student_reads(classroom: Classroom, page: Page) -> None:
    feedback = classroom.root / "feedback" / "ben" / classroom.assignment / "softmax.html"
    page.goto(feedback.as_uri())
    looks_right(page, "feedback")


def test_in_formgrader(classroom: Classroom, address: str, page: Page) -> None:
    from nbgrader.api import Gradebook  # noqa: PLC0415  (takes seconds)

    with nbgrader_on_path(), Gradebook(f"sqlite:///{classroom.root}/gradebook.db") as gradebook:
        submission = gradebook.find_submission_notebook("softmax", classroom.assignment, "ben").id
    page.goto(f"{address}/formgrader/submissions/{submission}?token=open")
    looks_right(page, "formgrader")


def test_the_table_survives_jupyterlabs_sanitiser(
    classroom: Classroom, address: str, page: Page
) -> None:
    path = f"autograded/ben/{classroom.assignment}/softmax.ipynb"
    page.goto(f"{address}/lab/tree/{path}?token=open")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
    page.evaluate(SCROLL_TO_THE_MAP)
    looks_right(page, "jupyterlab")
