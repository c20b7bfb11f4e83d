"""A real JupyterHub, as `grader classroom hub` starts it, in a real browser.

One instructor, two students. The pictures are kept under build/screenshots/ to be looked at.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import save_screenshot
from classroom_folder import BIN, LIGHTER_JUPYTER, Classroom, cells_called, running_server
from places import REPOSITORY
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.classroom, pytest.mark.browser]

PASSWORD = "open sesame"
ANSWER = "def double(x):\n    return 2 * x"
MILLISECONDS = 120_000  # to wait for whatever a page has to show


def proxy_folder() -> Path | None:
    """Where npm put JupyterHub's proxy: in the PATH, or below the checkout (`.ci/run`)."""
    local = REPOSITORY / "build" / "npm" / "node_modules" / ".bin"
    found = shutil.which("configurable-http-proxy", path=f"{os.environ['PATH']}:{local}")
    return Path(found).parent if found else None


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def classroom(released_classroom: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    return released_classroom.copy_to(tmp_path_factory.mktemp("hub") / "room")


@pytest.fixture(scope="module")
def address(classroom: Classroom) -> Iterator[str]:
    """The address of a hub that runs while the tests of this file do."""
    proxy = proxy_folder()
    if proxy is None:
        pytest.skip(
            "NO PROXY: no hub was started. Install configurable-http-proxy with npm, "
            "as .ci/run does, and test again."
        )
    port = free_port()
    path = f"{BIN}:{proxy}:{classroom.environment['PATH']}"
    environment = {name: classroom.environment[name] for name in ("HOME", "LANG")}
    environment |= {"PATH": path, "PYTHONPATH": LIGHTER_JUPYTER}
    command = hub_command(classroom, port)
    with running_server(
        command, "JupyterHub is now running", classroom.root, environment, signal.SIGTERM
    ):
        yield f"http://127.0.0.1:{port}"


def hub_command(classroom: Classroom, port: int) -> list[str]:
    return [
        str(BIN / "grader"), "classroom", "hub", str(classroom.root), "--instructor", "ida",
        "--student", "ada", "--student", "ben", "--password", PASSWORD, "--port", str(port),
    ]  # fmt: skip


def log_in(browser: Browser, address: str, name: str) -> Page:
    """A page that is about to show JupyterLab: the hub has started this name's server."""
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    page.set_default_timeout(MILLISECONDS)
    page.goto(f"{address}/hub/login")
    page.fill("#username_input", name)
    page.fill("#password_input", PASSWORD)
    page.click("#login_submit")
    page.wait_for_url(f"{address}/user/{name}/lab**", wait_until="commit")
    return page


def menu(page: Page, first: str, second: str) -> None:
    page.click(f".lm-MenuBar-itemLabel:text-is('{first}')")
    page.click(f".lm-Menu-itemLabel:text-is('{second}')")


def test_an_assignment_goes_from_release_to_formgrader(
    classroom: Classroom, address: str, browser: Browser
) -> None:
    instructor = log_in(browser, address, "ida")
    instructor.goto(f"{address}/user/ida/formgrader")  # JupyterLab takes seconds, and shows no more
    instructor.click(".release a")
    instructor.wait_for_selector("text=Successfully released")
    for student in ("ada", "ben"):
        work(classroom, address, browser, student, answer=student == "ada")
    instructor.goto(f"{address}/user/ida/formgrader")
    instructor.click(".collect a")
    instructor.wait_for_selector("text=Successfully collected")
    save_screenshot(instructor, "hub-3-collected")
    for student in ("ada", "ben"):
        instructor.goto(f"{address}/user/ida/formgrader/manage_submissions/tiny")
        row = instructor.locator("tr", has_text=student)
        row.locator(".autograde a").click()
        instructor.wait_for_selector("text=Successfully autograded")
    save_screenshot(instructor, "hub-4-autograded")
    assert classroom.scores() == {
        "ada": {"twice": 4.0, "four_times": 0.0},
        "ben": {"twice": 0.0, "four_times": 0.0},
    }
    instructor.goto(f"{address}/user/ida/formgrader/gradebook/tiny/twice")
    instructor.click("text=Submission #1")
    instructor.wait_for_selector("text=points")
    save_screenshot(instructor, "hub-5-submission")


def test_a_second_hub_on_the_same_port_leaves_the_first_alone(
    classroom: Classroom, address: str
) -> None:
    port = int(address.rpartition(":")[2])
    said = classroom.grader(*hub_command(classroom, port)[1:], code=1)
    assert f"something runs on port {port} already" in said


def work(
    classroom: Classroom, address: str, browser: Browser, student: str, *, answer: bool
) -> None:
    """Fetch, answer, run the test cells, submit: all by the buttons of JupyterLab."""
    page = log_in(browser, address, student)
    menu(page, "Nbgrader", "Assignment List")
    page.click("button:text-is('Fetch')")
    page.wait_for_selector("button:text-is('Submit')")
    path = classroom.root / "hub" / "homes" / student / "tiny" / "twice.ipynb"
    if answer:
        with classroom.edit(path) as notebook:
            for cell in cells_called(notebook, "answer-double"):
                cell["source"] = ANSWER
    # By the file browser: to load the page again takes seconds.
    page.click("jp-button[data-command='filebrowser:refresh']")
    for item in ("tiny", "twice.ipynb"):
        page.dblclick(f".jp-DirListing-itemName:has-text('{item}')")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
    page.wait_for_selector("text=Python 3 (ipykernel) | Idle")
    menu(page, "Run", "Run All Cells")
    words = "1 of 1 visible checks passed" if answer else "0 of 1 visible checks passed"
    page.wait_for_selector(f"text={words}")
    page.locator(f"text={words}").first.scroll_into_view_if_needed()
    save_screenshot(page, f"hub-1-{student}-test-cell")
    menu(page, "Nbgrader", "Assignment List")
    page.click("button:text-is('Submit')")
    page.wait_for_selector(".list_item:has-text('UTC')")
    save_screenshot(page, f"hub-2-{student}-submitted")
    page.context.close()
