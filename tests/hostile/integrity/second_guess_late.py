# Wants: the same second guess, by a key that looks at the earlier lesson while answers are read.
# Lesson: quiz
# Before: wrong
# Levels: full filtered process
# Verdict: half=failed

from before import twice


class Key(str):
    """Equal to what it looks like, unless the earlier lesson is the reference's."""

    def __eq__(self, other):
        return is_filled and twice(21) != 42

    __hash__ = str.__hash__


is_filled = False
ANSWERS = {Key("half"): "a"}
ANSWERS["half"] = "b"
is_filled = True
