"""Pages for a friend: of this course's lessons by their solutions, and of somebody hostile."""

from __future__ import annotations

from typing import Final

from places import REPOSITORY

from grader.checks.reference import ReferenceCallee
from grader.course import Course
from grader.drawing.friend_page import FriendPage, Scene, make_friend_page
from grader.drawing.words import split_words
from grader.grading.grading_process import load_references

COURSE: Final = Course.load(REPOSITORY)
EVIL = "</p><script>window.hacked=1</script><img src=x onerror=window.hacked=1>\"'&"


def made(name: str, sentence: str | None = None) -> FriendPage:
    """The page of a lesson, by its solution; of one sentence, or of its own ones."""
    words = split_words(sentence) if sentence else None
    callee = ReferenceCallee(load_references(COURSE)[name])
    page = make_friend_page(COURSE, COURSE.lesson(name), callee, words)
    assert isinstance(page, FriendPage)
    return page


WEIGHTS = ((0.25, 0.75), (1.0, 0.0))


def hostile_page() -> FriendPage:
    scene = Scene(EVIL, (EVIL, "b"), (WEIGHTS, WEIGHTS), 0, ((EVIL, 0.9), ("b", 0.1)), (EVIL,))
    tabs = ((EVIL, EVIL), ("b", EVIL))
    return FriendPage(EVIL, EVIL, 1, EVIL, (EVIL,), (EVIL,), (), tabs, 0, (scene, scene))
