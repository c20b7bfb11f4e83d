"""What a test cell shows of its checks, as HTML that others may cut down, and as text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from imported_later import ImportedLater
from made_up_results import HOSTILE, TWICE, WRONG_AXIS, failed, passed, with_mistake

from grader.classroom import cell_heat_maps, checks_table
from grader.reports.pages import heat
from grader.results import Status

strings = ImportedLater("nbconvert.filters.strings")

pytestmark = pytest.mark.classroom

STYLES = Path(heat.__file__).with_name("templates")


def colours(html: str) -> list[tuple[str, str]]:
    """Background and text of each coloured number."""
    return re.findall(r"background-color: (#\w{6}); color: #\w{6}\">(?:<strong>)?([^<]*)", html)


def test_a_broken_law_is_drawn_with_its_sums() -> None:
    html = checks_table.as_html([with_mistake("sum", WRONG_AXIS)])
    assert [text for _, text in colours(html)] == ["0.25", "0.60", "0.75", "0.40"]
    assert re.findall(r">(\d[\d.]+|sum)<", html) == [
        "0.25", "0.60", "sum", "0.85", "0.75", "0.40", "sum", "1.15", "1.00", "1.00", "sum",
    ]  # fmt: skip
    assert 'color: #b3400a"><strong>0.85</strong>' in html
    assert "Each row should add up to 1. It is the columns that do." in html


def test_both_sides_of_a_comparison_stand_side_by_side_and_differences_are_bold() -> None:
    html = checks_table.as_html([with_mistake("sum", TWICE)])
    mine, wanted = html.index("<em>yours</em>"), html.index("<em>should be</em>")
    assert mine < html.index("<strong>2.00</strong>") < html.index("<strong>NaN</strong>") < wanted
    assert html.count("<strong>") == 3 + 2  # three numbers; the title and the hint
    assert "3 of 4 numbers differ. Both have the same scale of colours." in html


def test_the_same_in_text_has_asterisks_and_says_nothing_of_colours() -> None:
    text = checks_table.as_text([passed("shape"), with_mistake("sum", TWICE)])
    assert text.splitlines() == [
        "✓ The shape is right. (1 / 1)",
        "✗ The sum is right. (0 / 1)",
        "    called     share(x)    x: (2, 2) float64",
        "    got        too much",
        "    why        a share is a part",
        "    looks like a sum down the columns",
        "    yours:",
        "       2.00* -4.00*",
        "        NaN*     0",
        "    should be:",
        "       1.00  -2.00",
        "       3.00      0",
        "    3 of 4 numbers differ.",
        "    Hint: Which way do you add up?",
    ]
    law = checks_table.as_text([with_mistake("sum", WRONG_AXIS)])
    assert "0.25  0.60   sum 0.85*" in law
    assert "1.00  1.00   sum\n" in law


def test_one_mistake_is_drawn_and_hinted_at_once() -> None:
    checks = [
        with_mistake("sum"),
        with_mistake("size"),
        replace(with_mistake("shape"), misconception="another"),
    ]
    assert checks_table.as_html(checks).count("Hint:") == 2
    assert checks_table.as_html(checks).count("<em>yours</em>") == 2
    assert checks_table.as_text(checks).count("Hint:") == 2


def test_checks_that_failed_for_no_known_reason_keep_a_hint_each() -> None:
    checks = [
        replace(with_mistake(name), misconception=None, effect=None) for name in ("sum", "size")
    ]
    for shown in (checks_table.as_html(checks), checks_table.as_text(checks)):
        assert shown.count("Hint:") == 2
        assert "looks like" not in shown


def test_what_a_mistake_looks_like_is_said_once() -> None:
    check = with_mistake("sum")
    for shown in (checks_table.as_html([check]), checks_table.as_text([check])):
        assert shown.count("a sum down the columns") == 1


def test_what_was_not_started_says_so_and_no_more() -> None:
    check = failed("sum", Status.NOT_ATTEMPTED)
    for shown in (checks_table.as_html([check]), checks_table.as_text([check])):
        assert "not started" in shown
        assert "too much" not in shown


def test_the_colours_are_those_of_the_pages() -> None:
    """The style sheet and the outputs mix the same shares of the same two tones."""
    sheet = (STYLES / "student.css").read_text("utf-8")
    shares = {int(step): int(much) for step, much in re.findall(
        r"\.heat \.p(\d), \.heat \.n\d \{ --much: (\d+)%; \}", sheet)}  # fmt: skip
    base = (STYLES / "base.css").read_text("utf-8")
    tones = {name: re.findall(rf"--{name}: #(\w{{6}});", base)[0] for name in ("hot", "cold")}
    assert len(shares) == 8
    for sign, tone in (("p", tones["hot"]), ("n", tones["cold"])):
        for step, much in shares.items():
            mixed = "".join(
                f"{round(255 + (int(tone[i : i + 2], 16) - 255) * much / 100):02x}"
                for i in (0, 2, 4)
            )
            cell = heat.Cell("1", f"{sign}{step}")
            drawn = cell_heat_maps.as_html(heat.HeatMaps((heat.HeatMap("yours", ((cell,),)),), ""))
            assert colours(drawn) == [(f"#{mixed}", "1")]


def test_nothing_is_lost_but_colour_where_nbconvert_sanitises() -> None:
    html = checks_table.as_html(
        [passed("shape"), with_mistake("sum", TWICE), with_mistake("x", WRONG_AXIS)]
    )
    cleaned = strings.clean_html(html)
    assert "style" not in cleaned
    assert "&lt;" not in re.sub("&lt;/?tbody&gt;", "", cleaned)  # bleach's own, at every table
    for words in ("<strong>NaN</strong>", "<pre>called", "looks like", "Hint:", "3 of 4"):
        assert words in cleaned


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_student_wrote_stays_text(text: str) -> None:
    said = failed("sum", text=text)
    # An effect is left out where the message has it.
    html = checks_table.as_html(
        [replace(said, title=text, hint=text), replace(with_mistake("x"), effect=text)]
    )
    tags = set(re.findall(r"<\s*/?([a-z0-9]+)", html, re.IGNORECASE))
    assert tags <= {"table", "tr", "td", "strong", "em", "pre", "div"}
    assert "onerror=" not in re.sub(r">[^<]*<", "><", html)


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_mark(status: Status) -> None:
    assert "The sum is right." in checks_table.as_html([failed("sum", status)])
    assert "The sum is right." in checks_table.as_text([failed("sum", status)])
