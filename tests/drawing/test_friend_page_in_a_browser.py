"""The page for a friend in a real browser: what it shows, and how one finds the way in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import Visit, save_screenshot
from friend_pages import EVIL, hostile_page, made

from grader.drawing.friend_html import as_html

pytestmark = pytest.mark.browser

PHONE, TABLET, DESKTOP = (
    {"width": width, "height": height} for width, height in ((360, 740), (768, 1024), (1280, 900))
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a page that has everything but words that come next, and a hostile one."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "layers.html").write_text(as_html(made("positions")), "utf-8")
    (folder / "hostile.html").write_text(as_html(hostile_page(), by=EVIL), "utf-8")
    return folder


def reading(seen: Visit) -> str:
    return (seen.page.locator("#reading").text_content() or "").replace("\u00a0", " ")


def row(seen: Visit, number: int) -> list[int]:
    """The percents of a row of the table."""
    cells = seen.page.locator(f"#rows tr:nth-child({number}) td")
    return [int(text) for text in cells.all_text_contents()]


def percents(shares: Any) -> list[int]:
    return [int(100 * share + 0.5) for share in shares]


def test_each_word_tab_and_sentence_shows_the_numbers_that_were_computed(
    visit: Any, written: Path
) -> None:
    seen, computed = visit(written / "layers.html"), made("positions")
    before = as_html(computed).partition('aria-live="polite">')[2].partition("<")[0]
    assert reading(seen) == before.replace("\u00a0", " ") == "“it” looks at animal with 100 %."
    for number, scene in enumerate(computed.scenes):
        seen.page.locator(".switch label").nth(number).click()
        for place, tab in enumerate(seen.page.get_by_role("tab").all()):
            tab.click()
            assert seen.page.locator("#about").text_content() == computed.tabs[place][1]
            for line, shares in enumerate(scene.tabs[place], start=1):
                assert row(seen, line) == percents(shares)
    seen.page.get_by_role("tab", name="Layer 1").click()
    assert reading(seen) == "“it” looks at wide with 100 %."
    assert seen.complaints == []


def test_the_row_of_a_word_lights_up_under_the_pointer_and_goes_back(
    visit: Any, written: Path
) -> None:
    seen = visit(written / "layers.html", viewport=DESKTOP)
    words = seen.page.locator("#sentence .word")
    words.nth(10).hover()  # tired
    assert reading(seen) == "“tired” looks at animal with 100 %."
    assert seen.page.locator(".lit th").text_content() == "tired"
    assert seen.page.locator("#arcs path").count() == 1, "one line leads to the animal"
    seen.page.mouse.move(5, 5)
    assert seen.page.locator(".lit th").text_content() == "it"
    words.nth(10).click()
    seen.page.mouse.move(5, 5)
    assert seen.page.locator(".lit th").text_content() == "tired"
    seen.page.locator("#rows tr").nth(0).hover()
    assert "“The” looks at" in reading(seen)


def test_the_keyboard_moves_on_under_a_pointer_that_rests(visit: Any, written: Path) -> None:
    seen = visit(written / "layers.html", viewport=DESKTOP)
    word = seen.page.locator("#sentence .word").nth(2)
    word.click()
    seen.page.keyboard.press("ArrowRight")
    assert seen.page.locator(".lit th").text_content() == "cross"


def test_everything_can_be_reached_and_used_from_the_keyboard(visit: Any, written: Path) -> None:
    seen = visit(written / "layers.html")
    press = seen.page.keyboard.press

    def focused() -> str:
        return str(seen.page.evaluate("document.activeElement.name || document.activeElement.id"))

    stops = []
    for _ in range(6):
        press("Tab")
        stops.append(focused())
    assert stops == ["scene", "tab-1", "word", "temperature", "", ""]
    press("Shift+Tab")
    press("Shift+Tab")
    assert focused() == "temperature"
    press("ArrowRight")
    assert seen.page.locator("#degree").text_content() == "1.3"
    press("ArrowLeft")
    press("Shift+Tab")
    press("ArrowRight")
    assert seen.page.locator(".lit th").text_content() == "was"
    press("ArrowLeft")
    press("Shift+Tab")
    press("ArrowRight")  # after the last tab comes the first
    assert focused() == "tab-0"
    assert reading(seen) == "“it” looks at tired with 100 %."
    assert seen.page.get_by_role("tab", selected=True).text_content() == "Layer 1"
    assert seen.page.get_by_role("tabpanel", name="Layer 1").count() == 1
    press("End")
    press("Shift+Tab")
    press("ArrowRight")
    assert reading(seen) == "“it” looks at street with 100 %."


def test_the_temperature_divides_the_scores_before_the_softmax(visit: Any, written: Path) -> None:
    seen, scene = visit(written / "layers.html"), made("positions").scenes[0]
    for steps, temperature in ((-10, 0.1), (5, 10**0.5), (10, 10), (0, 1)):
        seen.page.locator("#temperature").fill(str(steps))
        powers = np.exp(np.log(scene.tabs[1]) / temperature)
        expected = powers / powers.sum(axis=1, keepdims=True)
        for line, shares in enumerate(expected, start=1):
            assert row(seen, line) == percents(shares), temperature
    seen.page.locator("#temperature").fill("10")
    seen.page.get_by_role("button", name="back to 1").click()
    assert row(seen, 8) == percents(scene.tabs[1][7])


def test_what_comes_next_follows_the_sentence_and_the_temperature(
    visit: Any, tmp_path: Path
) -> None:
    (tmp_path / "next.html").write_text(as_html(made("tiny_gpt")), "utf-8")
    seen = visit(tmp_path / "next.html", viewport=PHONE, reduced_motion="reduce")

    def first() -> str:
        return " ".join(seen.page.locator("#next li").first.inner_text().split())

    assert first() == "animal 95 %"
    looks = row(seen, 15)
    seen.page.locator("#temperature").fill("10")
    assert 1 < int(first().split()[1]) < 20
    assert row(seen, 15) == looks, "the temperature is that of the next word alone"
    seen.page.locator("#temperature").fill("0")
    seen.page.locator(".switch label").nth(1).click()
    assert first() == "street 94 %"
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    violations = Axe().run(seen.page)
    assert violations.violations_count == 0, violations.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_accessible_and_fits_every_screen(visit: Any, written: Path, scheme: str) -> None:
    seen = visit(written / "layers.html", color_scheme=scheme, reduced_motion="reduce")
    seen.page.locator("summary").click()
    for name, size, tab in (
        ("phone", PHONE, "Layer 2"), ("tablet", TABLET, "Layer 1"), ("desktop", DESKTOP, "Layer 2"),
    ):  # fmt: skip
        seen.page.set_viewport_size(size)
        seen.page.get_by_role("tab", name=tab).click()
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        violations = Axe().run(seen.page)
        assert violations.violations_count == 0, violations.generate_report()
        save_screenshot(seen.page, f"friend-{name}-{scheme}")
    assert seen.complaints == []


def test_a_page_asks_for_nothing_and_runs_nothing_that_others_wrote(
    visit: Any, written: Path
) -> None:
    seen = visit(written / "hostile.html")
    for tab in seen.page.get_by_role("tab").all():
        tab.click()
    seen.page.locator(".switch label").nth(1).click()
    seen.page.locator("#temperature").fill("3")
    assert seen.page.locator("#sentence .ink").first.text_content() == EVIL
    assert seen.page.evaluate("window.hacked") is None
    assert seen.complaints == []
    assert seen.requests == [(written / "hostile.html").as_uri()]


def test_the_policy_stops_what_would_get_past_the_escaping(
    visit: Any, written: Path, tmp_path: Path
) -> None:
    page = (written / "layers.html").read_text("utf-8")
    evil = "<script>window.hacked=1</script><p style='color:red' onclick='window.hacked=1'>"
    (tmp_path / "evil.html").write_text(page.replace("</h1>", f"</h1>{evil}", 1), "utf-8")
    seen = visit(tmp_path / "evil.html")
    assert seen.page.evaluate("window.hacked") is None
    assert len([said for said in seen.complaints if "Content Security Policy" in said]) >= 2


def test_a_printed_page_is_dark_on_white_and_shows_the_present_tab_without_switches(
    visit: Any, written: Path
) -> None:
    seen = visit(written / "layers.html", color_scheme="dark", viewport=DESKTOP)
    seen.page.get_by_role("tab", name="Layer 1").click()
    seen.page.emulate_media(media="print", color_scheme="dark")
    seen.page.set_viewport_size({"width": 600, "height": 900})  # paper, after it was laid out wider
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 600
    style = "getComputedStyle(document.body)"
    assert seen.page.evaluate(f"{style}.backgroundColor") == "rgb(255, 255, 255)"
    assert seen.page.evaluate(f"{style}.color") == "rgb(0, 0, 0)"
    for hidden in (".controls", ".temperature", ".hint"):
        assert not seen.page.locator(hidden).is_visible()
    assert "Layer 1. A pronoun looks for" in seen.page.locator("#view").inner_text()
    seen.page.locator("#temperature").evaluate("it => { it.value = 10; it.dispatchEvent("
                                               "new Event('input')); }")  # fmt: skip
    assert seen.page.locator(".temperature").inner_text().split() == ["Temperature", "10"]


def test_nothing_moves_for_those_who_want_less_motion(visit: Any, written: Path) -> None:
    seen = visit(written / "layers.html", reduced_motion="reduce")
    seen.page.get_by_role("tab", name="Layer 1").click()
    assert seen.page.evaluate("document.getAnimations().length") == 0


def test_without_scripts_there_is_the_sentence_the_table_and_nothing_that_does_nothing(
    visit: Any, written: Path
) -> None:
    seen = visit(written / "layers.html", java_script_enabled=False)
    assert "Layer 2. Now it knows" in seen.page.locator("#view").inner_text()
    assert seen.page.locator("#sentence .ink.s9").inner_text() == "animal"
    assert row(seen, 8) == [0, 100, *[0] * 9]
    assert not seen.page.locator("button:visible, input:visible").count()
