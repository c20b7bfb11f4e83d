"""The page for a friend as one HTML file: no server, no library, and it works without its script.

Its script is ours, and the page's policy allows no other. All texts and numbers stand in elements
and attributes, escaped.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from grader.drawing.friend_page import FriendPage, Row, Scene
from grader.reports.pages.templating import fill_in
from grader.text import clean

_FOLDER: Final = Path(__file__).parent / "templates"
_LEVELS: Final = 9  # of colour, above none
_MAX_NAME: Final = 40
_MOST_NEXT: Final = 5  # words


def as_html(page: FriendPage, by: str | None = None) -> str:
    """The page as a whole file.

    Args:
        page: what it shows.
        by: the name of whoever wrote the functions; without one, the page says "I".
    """
    scene = page.scenes[0]
    weights = scene.tabs[page.first_tab]
    text = fill_in(
        _FOLDER,
        "friend.html",
        "base.css",
        "friend.css",
        script="friend.js",
        page=page,
        by=clean(" ".join(by.split()), _MAX_NAME) if by else None,
        scene=scene,
        rows=[_cells(row) for row in weights],
        sentence=list(zip(scene.words, _cells(weights[scene.row]), strict=True)),
        reading=_read_out(scene.words, weights[scene.row], scene.row),
        following=_following(scene),
        data=json.dumps(_data(page), ensure_ascii=False, separators=(",", ":")),
    )
    return f"<!DOCTYPE html>\n{text}"


def _read_out(words: tuple[str, ...], shares: Row, row: int) -> str:
    """A row in words: “it” looks at animal with 71 % and itself with 8 %."""
    looks = f"“{words[row]}” looks at"
    if max(shares) - min(shares) < 0.005:
        return f"{looks} all words alike, with {_percent(shares[0])}\u00a0% each."
    highest = sorted(range(len(words)), key=lambda place: -shares[place])[:3]
    told = [
        f"{_name_of(words, place, row)} with {_percent(shares[place])}\u00a0%"
        for place in highest
        if shares[place] >= 0.01 or place == highest[0]
    ]
    return f"{looks} {', '.join(told[:-1])}{' and ' * (len(told) > 1)}{told[-1]}."


def _percent(share: float) -> int:
    """In whole percent, halves up, as the page's script rounds."""
    return int(100 * share + 0.5)


def _name_of(words: tuple[str, ...], place: int, row: int) -> str:
    """A word; its number stands with it where the sentence has it more than once."""
    if place == row:
        return "itself"
    alike = [other.lower() for other in words].count(words[place].lower())
    return f"{words[place]} (word {place + 1})" if alike > 1 else words[place]


def _cells(shares: Row) -> list[tuple[str, int]]:
    """For each share its class of colour, which grows slower than the share, and its percent."""
    return [(f"s{round(_LEVELS * share**0.7)}", _percent(share)) for share in shares]


def _following(scene: Scene) -> list[tuple[str, int]]:
    """The likeliest words that come next, in percent."""
    likeliest = sorted(scene.next, key=lambda pair: -pair[1])[:_MOST_NEXT]
    return [(word, _percent(share)) for word, share in likeliest]


def _data(page: FriendPage) -> dict[str, object]:
    """What the script needs."""
    return {
        "tab": page.first_tab,
        "tabs": [about for _, about in page.tabs],
        "scenes": [
            {
                "words": scene.words,
                "tabs": scene.tabs,
                "row": scene.row,
                "next": scene.next,
                "wrote": scene.wrote,
            }
            for scene in page.scenes
        ],
    }
