"""The pages in a real browser: accessible, sortable, and nothing that students wrote runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import Visit
from made_up_results import (
    TWICE,
    failed,
    hostile_class,
    lesson,
    missing,
    passed,
    pending,
    report,
    student,
    unreadable,
    with_mistake,
)

from grader.course import Course
from grader.grading.output_folder import FEEDBACK, write_pages
from grader.reports.pages.class_page import CLASS_PAGE
from grader.results import Report, Status

pytestmark = pytest.mark.browser


def column(seen: Visit, number: int) -> list[str]:
    """The texts of a column of the table of students."""
    cells = seen.page.locator(f".students tbody tr > :nth-child({number})")
    return [text.strip() for text in cells.all_text_contents()]


def everything() -> Report:
    """A class that shows every status."""
    statuses = [failed(status.value, status) for status in Status]
    return report(
        student("ada", lesson(passed("sum"), passed("size"), pending())),
        student("ben", lesson(with_mistake("sum"), with_mistake("size", TWICE))),
        student("cleo", lesson(with_mistake("sum", TWICE), passed("size"))),
        student("dan", lesson(*statuses)),
        student("eve", missing()),
        student("finn", unreadable("share.py does not compile")),
        *(student(f"s{n:03}", lesson(passed("sum"), failed("size"))) for n in range(20)),
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, course_at: Any) -> dict[str, Path]:
    """The pages of an ordinary class and of a hostile one."""
    folder = tmp_path_factory.mktemp("pages")
    course = Course.load(course_at(folder / "course", lessons=["share"]))
    classes = {"ordinary": everything(), "hostile": hostile_class()}
    for name, results in classes.items():
        (folder / name).mkdir()
        write_pages(folder / name, results, course)
    return {name: folder / name for name in classes}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name",
    [CLASS_PAGE, *(f"{FEEDBACK}/{who}.html" for who in ("ada", "ben", "cleo", "dan", "finn"))],
)
def test_a_page_passes_the_accessibility_audit(
    visit: Any, written: dict[str, Path], name: str, scheme: str
) -> None:
    seen = visit(written["ordinary"] / name, color_scheme=scheme)
    for details in seen.page.locator("details").all():
        details.evaluate("element => element.open = true")
    violations = Axe().run(seen.page)
    assert violations.violations_count == 0, violations.generate_report()
    assert seen.complaints == []


def test_pages_ask_for_nothing_else(visit: Any, written: dict[str, Path]) -> None:
    for name in (CLASS_PAGE, f"{FEEDBACK}/ben.html"):
        seen = visit(written["ordinary"] / name)
        assert seen.requests == [(written["ordinary"] / name).as_uri()]


def test_nothing_that_others_wrote_runs(visit: Any, written: dict[str, Path]) -> None:
    folder = written["hostile"]
    paths = [folder / CLASS_PAGE, *sorted((folder / FEEDBACK).iterdir())]
    seen = visit(paths[0])
    for count, path in enumerate(paths, start=1):  # one tab: a new one for each page takes long
        if count > 1:
            seen.page.goto(path.as_uri())
        assert seen.page.evaluate("window.hacked") is None, path.name
        assert seen.complaints == [], path.name
        assert seen.requests == [path.as_uri() for path in paths[:count]], path.name


def test_the_policy_stops_what_would_get_past_the_escaping(
    visit: Any, written: dict[str, Path], tmp_path: Path
) -> None:
    page = (written["ordinary"] / FEEDBACK / "ben.html").read_text("utf-8")
    evil = "<script>window.hacked=1</script><img src=https://example.org/ onerror=window.hacked=1>"
    (tmp_path / "evil.html").write_text(page.replace("</h1>", f"</h1>{evil}", 1), "utf-8")
    seen = visit(tmp_path / "evil.html")
    assert seen.page.evaluate("window.hacked") is None
    assert "Content Security Policy" in " ".join(seen.complaints)


def test_every_link_of_the_class_page_leads_to_a_page(visit: Any, written: dict[str, Path]) -> None:
    seen = visit(written["hostile"] / CLASS_PAGE)
    links = seen.page.locator(".students tbody a").evaluate_all("all => all.map(it => it.href)")
    assert len(links) == len(hostile_class().students)
    for link in links:  # as the browser understands it
        assert Path(url2pathname(urlsplit(link).path)).is_file(), link


def test_a_click_on_a_column_sorts_it_and_another_turns_it_round(
    visit: Any, written: dict[str, Path]
) -> None:
    seen = visit(written["ordinary"] / CLASS_PAGE)
    students = column(seen, 1)
    assert students == sorted(students)
    total = seen.page.locator(".students thead").get_by_role("button", name="total")
    total.click()
    scores = [float(text) for text in column(seen, 2)]
    assert scores == sorted(scores, reverse=True) != [float(scores[0])] * len(scores)
    total.click()
    assert [float(text) for text in column(seen, 2)] == scores[::-1]
    assert seen.page.locator(".students [aria-sort]").get_attribute("aria-sort") == "ascending"
    seen.page.locator(".students thead").get_by_role("button", name="student").click()
    assert column(seen, 1) == students


def test_columns_are_sorted_from_the_keyboard_too(visit: Any, written: dict[str, Path]) -> None:
    seen = visit(written["ordinary"] / CLASS_PAGE)
    seen.page.locator(".students thead").get_by_role("button", name="total").focus()
    seen.page.keyboard.press("Enter")
    assert column(seen, 2)[0] == max(column(seen, 2)) != column(seen, 2)[-1]


def test_the_pointer_over_a_cell_tells_student_check_and_outcome(
    visit: Any, written: dict[str, Path]
) -> None:
    seen = visit(written["ordinary"] / CLASS_PAGE)
    strip = seen.page.locator(".students tbody tr", has_text="ben").locator(".strip")
    strip.scroll_into_view_if_needed()
    box = strip.bounding_box()
    seen.page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
    assert seen.page.locator(".tip").text_content() == "ben · The sum is right. · failed"


def test_without_scripts_the_class_page_shows_all_the_same(
    visit: Any, written: dict[str, Path]
) -> None:
    seen = visit(written["ordinary"] / CLASS_PAGE, java_script_enabled=False)
    assert len(column(seen, 1)) == len(everything().students)
    assert seen.page.locator("button").count() == 0


@pytest.mark.parametrize("width", [320, 1400])
def test_no_page_is_wider_than_the_screen(visit: Any, written: dict[str, Path], width: int) -> None:
    for name in (CLASS_PAGE, f"{FEEDBACK}/ben.html", f"{FEEDBACK}/dan.html"):
        seen = visit(written["ordinary"] / name, viewport={"width": width, "height": 800})
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_on_a_phone_a_wide_table_scrolls_by_itself_and_its_words_stay_whole(
    visit: Any, tmp_path: Path, course_at: Any
) -> None:
    names = [f"lesson_number_{n}" for n in range(12)]
    lessons = [lesson(passed("sum"), failed("size"), name=name) for name in names]
    course = Course.load(course_at(tmp_path / "course", lessons=names))
    write_pages(tmp_path, report(student("ada", *lessons), student("ben", *lessons)), course)
    seen = visit(tmp_path / CLASS_PAGE, viewport={"width": 390, "height": 800})
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
    titles = seen.page.get_by_role("region", name="Checks", exact=True).locator("tbody th")
    assert min(title.bounding_box()["width"] for title in titles.all()) > 150


def test_the_marked_line_and_the_wrong_sums_can_be_seen(
    visit: Any, written: dict[str, Path]
) -> None:
    seen = visit(written["ordinary"] / FEEDBACK / "ben.html")
    assert "return x / x.sum(axis=0)" in (seen.page.locator(".code .here").text_content() or "")
    assert seen.page.locator(".heat .sum.wrong").all_text_contents() == ["0.85", "1.15"]
    colours = seen.page.locator(".heat tr:first-child td:not(.sum)").evaluate_all(
        "all => all.map(it => getComputedStyle(it).backgroundColor)"
    )
    assert len(set(colours)) == 2


def test_a_printed_page_is_dark_on_white(visit: Any, written: dict[str, Path]) -> None:
    seen = visit(written["ordinary"] / FEEDBACK / "ben.html", color_scheme="dark")
    seen.page.emulate_media(media="print")
    style = "getComputedStyle(document.body)"
    assert seen.page.evaluate(f"{style}.backgroundColor") == "rgb(255, 255, 255)"
    assert seen.page.evaluate(f"{style}.color") == "rgb(0, 0, 0)"
