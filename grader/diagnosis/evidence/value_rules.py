"""Rules that compare the numbers that came back with the right ones.

Each rule looks at one call, and yields findings that are true of it: a key, and words that complete
"looks like …". Only findings that are true of every wrong call are shown, see
:mod:`.common_findings`. The words contain sizes and factors, but no number of the values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from grader.diagnosis.agreement import ATOL, RTOL, close, same
from grader.diagnosis.evidence.observations import Observation, as_numbers
from grader.diagnosis.evidence.sizes import equals, in_words

_TINY: Final = 1e-200  # smaller numbers may have lost digits


class Finding(NamedTuple):
    """Something that is true of a call."""

    key: str  # the same in different calls if it is the same finding
    text: str  # completes "looks like …"


Rule = Callable[[Observation], Iterator[Finding]]


def _numbers(observation: Observation) -> tuple[np.ndarray, np.ndarray] | None:
    """The right and the returned numbers, if they are finite, of one shape, and differ."""
    numbers = observation.numbers()
    if numbers is None or not np.isfinite(numbers[0]).all() or not np.isfinite(numbers[1]).all():
        return None
    return None if close(*numbers) else numbers


# ---- what holds the numbers


def packaging(call: Observation) -> Iterator[Finding]:
    """The right values in another wrapping."""
    due, got = call.due, call.got
    if isinstance(got, dict) and same(tuple(got.values()), due):
        yield Finding("dict", "the right values in a dict, where values alone should come back")
    if isinstance(got, tuple | list) and isinstance(due, tuple):
        if len(got) == len(due) and _are_exchanged(got, due):
            yield Finding("order of parts", "the right values in another order")
        elif len(got) > len(due) and same(tuple(got[: len(due)]), due):
            yield Finding("more parts", "the right values, and more behind them")
        elif len(got) < len(due) and same(tuple(got), due[: len(got)]):
            yield Finding("fewer parts", f"only {len(got)} of the {len(due)} values")
    elif isinstance(got, tuple | list) and (as_numbers(got) is None or not np.ndim(due)):
        for place, part in enumerate(got):
            if same(part, due):
                text = f"{len(got)} values, of which number {place + 1} alone is asked for"
                yield Finding(f"in a tuple {place}", text)
    elif isinstance(due, tuple):
        for place, part in enumerate(due):
            if same(got, part):
                text = f"one of the {len(due)} values alone, number {place + 1}"
                yield Finding(f"one part {place}", text)
        if same(got, list(due)) or _is_joined(got, due):
            yield Finding("joined", f"the {len(due)} values joined to one array")


def _are_exchanged(got: Any, due: Any) -> bool:
    left = list(due)
    for part in got:
        place = next((n for n, other in enumerate(left) if same(part, other)), None)
        if place is None:
            return False
        del left[place]
    return True


def _is_joined(got: Any, due: Any) -> bool:
    parts = [as_numbers(part) for part in due]
    numbers = as_numbers(got)
    if numbers is None or any(part is None or part.ndim != 2 for part in parts):
        return False
    joined = [part for part in parts if part is not None]
    for axis in (0, 1):
        try:
            if same(numbers, np.concatenate(joined, axis=axis)):
                return True
        except ValueError:  # they do not fit beside each other
            continue
    return False


def another_shape(call: Observation) -> Iterator[Finding]:
    """The right numbers in another shape, or a part of them."""
    due, got = as_numbers(call.due), as_numbers(call.got)
    if due is None or got is None:
        return
    if due.ndim == 2 and got.shape == due.T.shape and close(got, due.T):
        yield Finding("turned", "the right numbers, with rows and columns exchanged")
    if got.shape == due.shape:
        return
    if got.size == due.size and close(got.ravel(), due.ravel()):
        yield Finding("shape", "the right numbers in another shape")
        return
    if not due.ndim:
        return
    for axis, kind in ((0, "row" if due.ndim > 1 else "number"), (1, "column")):
        if axis >= due.ndim:
            continue
        cut = np.moveaxis(due, axis, 0)
        mine = np.moveaxis(got, axis, 0) if got.ndim > axis else got
        for name, left in (("last", cut[:-1]), ("first", cut[1:])):
            if mine.shape == left.shape and left.size and close(mine, left):
                yield Finding(f"without {name} {kind}", f"everything but the {name} {kind}")
        for name, one in (("first", cut[0]), ("last", cut[-1])):
            if got.size == one.size and close(got.ravel(), one.ravel()):
                yield Finding(f"only {name} {kind}", f"the {name} {kind} alone")
        for name, whole in (("added up", cut.sum(0)), ("averaged", cut.mean(0))):
            if got.size == whole.size and close(got.ravel(), whole.ravel()):
                yield Finding(f"{kind}s {name}", f"the {kind}s, {name} to a single one")
        if got.size == cut[0].size and close(got.ravel(), cut.max(0).ravel()):
            yield Finding(f"largest of {kind}s", f"the largest number of all {kind}s")
    if due.ndim == 2 and got.ndim == 1 and _close_if_fits(got, np.diag(due)):
        yield Finding("diagonal alone", "the diagonal alone")


def one_product_more(call: Observation) -> Iterator[Finding]:
    """The right matrix, multiplied with an argument behind it."""
    due, got = as_numbers(call.due), as_numbers(call.got)
    if due is None or got is None or due.ndim != 2 or _close_if_fits(got, due):
        return
    for name, array in call.arrays():
        if array.ndim == 2 and len(array) == due.shape[1] and _close_if_fits(got, due @ array):
            yield Finding(f"times {name}", f"the right numbers, multiplied once more: `… @ {name}`")


def _close_if_fits(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and close(one, other)


# ---- each number


def not_finite(call: Observation) -> Iterator[Finding]:
    """Infinity or nan instead of numbers."""
    numbers = call.numbers()
    if numbers is None:
        return
    due, got = numbers
    odd = ~np.isfinite(got) & np.isfinite(due)
    if not odd.any():
        return
    kind = "nan" if np.isnan(got[odd]).all() else "nan or infinity"
    if odd.all():
        yield Finding("nothing finite", f"{kind} in the place of every number")
    elif close(got[~odd], due[~odd]):
        yield Finding("not finite", f"the right numbers, but {kind} in some places")
    else:
        yield Finding("some not finite", f"{kind} in some places")
    if got.ndim == 2 and 0 < odd.all(axis=1).sum() == odd.any(axis=1).sum() < len(got):
        yield Finding("rows not finite", f"whole rows of {kind}, and other rows without")


def few_digits(call: Observation) -> Iterator[Finding]:
    """Rounded, cut off, or not exact."""
    if (numbers := _numbers(call)) is None:
        return
    due, got = numbers
    for digits in range(7):
        if np.allclose(got, np.round(due, digits), rtol=0, atol=1e-9):
            many = f"{digits} decimals" if digits != 1 else "one decimal"
            many = "no decimals" if not digits else many
            yield Finding(f"{digits} decimals", f"the right numbers, rounded to {many}")
            break
    for name, cut in (("towards zero", np.trunc(due)), ("down", np.floor(due))):
        if close(got, cut):
            yield Finding("whole", "numbers whose decimals were cut off")
            yield Finding(f"cut {name}", f"the right numbers, rounded {name} to whole ones")
    error = np.abs(got - due) / np.maximum(np.abs(due), 1e-3 * np.abs(due).max())
    if (worst := error.max()) < 5e-3:
        digits = int(np.clip(np.floor(-np.log10(worst)), 2, 6))
        yield Finding("not exact", f"numbers that are right to about {digits} digits, and no more")


def one_factor(call: Observation) -> Iterator[Finding]:
    """All numbers are the same multiple of the right ones."""
    if (numbers := _numbers(call)) is None:
        return
    due, got = numbers
    factor = _factor(due, got)
    if factor is None:
        return
    if np.isclose(factor, -1):
        yield Finding("-1 times", "the right numbers with the other sign")
        return
    sign = "with the other sign, " if factor < 0 else ""
    size = abs(factor)
    yield from (
        Finding(f"{sign}{key}", f"numbers that are all {size:.3g} times what they should be, {sign}"
                f"and {size:.3g} is {words}")
        for key, words in equals(size, call)
    )  # fmt: skip
    text = f"numbers that are all {in_words(size)} what they should be{', ' * bool(sign)}{sign}"
    yield Finding(f"{factor:.6g} times", text.rstrip(", "))
    if due.size > 2:
        text = "numbers that are all the same multiple of what they should be"
        yield Finding("some factor", f"{text}, another multiple in each call")


def _factor(due: np.ndarray, got: np.ndarray) -> float | None:
    scale = float((due * due).sum())
    if not scale:
        return None
    factor = float((due * got).sum()) / scale
    if not factor or not np.allclose(got, factor * due, rtol=RTOL, atol=ATOL):
        return None
    return None if np.isclose(factor, 1, rtol=RTOL) else factor


def each_alike(call: Observation) -> Iterator[Finding]:
    """Each number follows from the right one in the same way."""
    if (numbers := _numbers(call)) is None:
        return
    due, got = numbers
    with np.errstate(all="ignore"):
        ways: dict[str, Any] = {
            "the right numbers without their sign": np.abs(due),
            "the right numbers, with 0 for the negative ones": np.maximum(due, 0),
            "the squares of the right numbers": due**2,
            "the square roots of the right numbers": np.sqrt(due),
            "what is left of 1 after the right numbers": 1 - due,
            "1 divided by the right numbers": 1 / due,
            "the exponentials of the right numbers": np.exp(due),
            "the logarithms of the right numbers": np.log(due),
            "the right numbers, squashed between 0 and 1": 1 / (1 + np.exp(-due)),
        }
        for text, made in ways.items():
            if np.isfinite(made).all() and close(got, made):
                yield Finding(text, text)
    if close(np.abs(got), np.abs(due)):
        yield Finding("signs", "the right numbers, of which some have the other sign")
    shift = got - due
    if np.allclose(shift, shift.flat[0], rtol=RTOL, atol=ATOL):
        size = abs(float(shift.flat[0]))
        more = "larger" if shift.flat[0] > 0 else "smaller"
        text = f"numbers that are all {size:.3g} {more} than they should be"
        yield Finding(f"{shift.flat[0]:.6g} more", text)
        if due.size > 2:
            text = "numbers that are all too large, or too small, by the same amount"
            yield Finding("shifted", text)
    elif due.ndim == 2 and min(due.shape) > 1:
        for axis, kind in ((1, "row"), (0, "column")):
            if np.allclose(shift, shift.take([0], axis), rtol=RTOL, atol=ATOL):
                text = f"{kind}s that are shifted as a whole, each by an amount of its own"
                yield Finding(f"{kind}s shifted", text)


# ---- which places


def another_order(call: Observation) -> Iterator[Finding]:
    """The right numbers in other places."""
    if (numbers := _numbers(call)) is None:
        return
    due, got = numbers
    if due.size < 3 or not close(np.sort(got.ravel()), np.sort(due.ravel())):
        return
    if close(got, due[::-1]):
        kind = ("numbers", "rows", "tables")[min(due.ndim, 3) - 1]
        yield Finding("reversed", f"the right {kind}, the last one first")
    elif due.ndim == 1 and close(got, np.sort(due)):
        yield Finding("rising", "the right numbers, sorted")
    elif due.ndim == 1 and close(got, np.sort(due)[::-1]):
        yield Finding("falling", "the right numbers, sorted, the largest first")
    elif due.ndim == 2 and close(_sorted_rows(got), _sorted_rows(due)):
        yield Finding("rows moved", "the right rows in another order")
    elif due.ndim == 2 and close(_sorted_rows(got.T), _sorted_rows(due.T)):
        yield Finding("columns moved", "the right columns in another order")
    yield Finding("moved", "the right numbers in other places")


def _sorted_rows(array: np.ndarray) -> np.ndarray:
    return array[np.lexsort(np.round(array, 9).T[::-1])]


def zeros(call: Observation) -> Iterator[Finding]:
    """The right numbers, but some are 0."""
    if (numbers := _numbers(call)) is None or numbers[0].size < 2:
        return
    due, got = numbers
    if got.any() and close(got[got != 0], due[got != 0]):
        yield Finding("zeros", "the right numbers, but for some that are 0")
    elif not got.any():
        yield Finding("only zeros", "zeros in the place of every number")


def some_places(call: Observation) -> Iterator[Finding]:
    """Right only in a region of the result."""
    numbers = call.numbers()
    if numbers is None:
        return
    due, got = numbers
    wrong = ~np.isclose(got, due, rtol=RTOL, atol=ATOL, equal_nan=True)
    if wrong.all() or not wrong.any() or due.ndim > 2:
        return
    zero = not got[wrong].any()
    filled = " is 0" if zero else " is wrong"
    for name, region in _regions(due.shape):
        if region.all() or not region.any() or (wrong & ~region).any():
            continue
        if wrong[region].mean() > 0.6:
            text = f"numbers of which only what stands {name}{filled}"
            yield Finding(f"only {name}{filled}", text)


def _regions(shape: tuple[int, ...]) -> Iterator[tuple[str, np.ndarray]]:
    if len(shape) == 1:
        for name, place in (("in the last place", -1), ("in the first place", 0)):
            yield name, np.arange(shape[0]) == place % shape[0]
        return
    whole = np.ones(shape, bool)
    steps = np.subtract.outer(np.arange(shape[0]), np.arange(shape[1]))
    yield "on the diagonal", steps == 0
    for name, place in (("last", -1), ("first", 0)):
        for axis, kind in ((0, "row"), (1, "column")):
            region = ~whole
            np.moveaxis(region, axis, 0)[place] = True
            yield f"in the {name} {kind}", region
    yield "above the diagonal", steps < 0
    yield "below the diagonal", steps > 0
    yield "off the diagonal", steps != 0
    if shape[1] > shape[0]:
        yield "behind the last square", np.broadcast_to(np.arange(shape[1]) >= shape[0], shape)
    if shape[0] > shape[1]:
        low = np.broadcast_to((np.arange(shape[0]) >= shape[1])[:, None], shape)
        yield "below the last square", low


# ---- rows and columns


def all_the_same(call: Observation) -> Iterator[Finding]:
    """One row, or column, everywhere."""
    if (numbers := _numbers(call)) is None or min(numbers[0].shape, default=0) < 2:
        return
    due, got = numbers
    if due.ndim == 1:
        if close(got, got[0]) and not close(due, due[0]):
            yield Finding("one number", "the same number everywhere")
    elif due.ndim == 2:
        if close(got, got.flat[0]):
            yield Finding("one number", "the same number everywhere")
        elif close(got, got[:1]) and not close(due, due[:1]):
            yield Finding("one row", "the same row everywhere")
        elif close(got, got[:, :1]) and not close(due, due[:, :1]):
            yield Finding("one column", "the same column everywhere")


def sums(call: Observation) -> Iterator[Finding]:
    """Wrong sums of rows and columns."""
    if (numbers := _numbers(call)) is None or numbers[0].ndim not in (1, 2):
        return
    due, got = numbers
    if got.size < 3:
        return
    kinds = ("numbers",) if got.ndim == 1 else ("columns", "rows")
    for axis, kind in enumerate(kinds):
        total, right = got.sum(axis=axis), due.sum(axis=axis)
        if close(right, 1.0) or not close(total, total.flat[0]):
            continue
        if close(total, 1.0):
            yield Finding(f"{kind} sum to 1", f"{kind} that add up to 1{' each' * (got.ndim > 1)}")
        elif close(total, 0.0):
            yield Finding(f"{kind} sum to 0", f"{kind} that add up to 0{' each' * (got.ndim > 1)}")
    if got.ndim == 2 and close(got.sum(), 1.0) and not close(due.sum(), 1.0):
        yield Finding("all sum to 1", "numbers that add up to 1 all together")
    for axis, kind in enumerate(kinds):
        if not close(due.sum(axis=axis), 1.0) or got.shape[axis] < 2:
            continue
        total = got.sum(axis=axis)
        one = float(total.flat[0])
        if not close(total, one) or close(one, 1.0) or one <= 0:
            continue
        for key, words in equals(one, call):
            text = f"{kind} that add up to {one:.3g}, which is {words}"
            yield Finding(f"{kind} sum to {key}", text)
        yield Finding(f"{kind} sum to {one:.6g}", f"{kind} that add up to {one:.3g}, and not to 1")


def lengths(call: Observation) -> Iterator[Finding]:
    """Rows or columns that were brought to length 1."""
    numbers = call.numbers()
    if numbers is None or numbers[0].ndim != 2 or not np.isfinite(numbers[0]).all():
        return
    due, got = numbers
    for axis, kind in ((1, "row"), (0, "column")):
        right = np.linalg.norm(due, axis=axis, keepdims=True)
        counts = np.broadcast_to(right > 0, due.shape)  # a vector of zeros has no direction
        if counts.any() and close((got * right)[counts], due[counts]):
            yield Finding(f"{kind}s of length 1", f"{kind}s that were brought to length 1")


def shares(call: Observation) -> Iterator[Finding]:
    """Numbers that should be shares of 1, and are shares of something else."""
    if (numbers := _numbers(call)) is None or (axis := _shared_out(numbers[0])) is None:
        return
    due, got = numbers
    total = got.sum(axis=axis, keepdims=True)
    if not close(got, due * total) or close(total, 1.0):
        return
    which = "less" if (total < 1).all() else "more" if (total > 1).all() else "less or more"
    text = f"shares in the right proportion that add up to {which} than 1"
    yield Finding(f"shares of {which}", text)
    yield Finding("shares", "shares in the right proportion that do not add up to 1")


def proportions(call: Observation) -> Iterator[Finding]:
    """Numbers that stand in the right proportion to their neighbours."""
    if (numbers := _numbers(call)) is None or numbers[0].ndim != 2 or min(numbers[0].shape) < 2:
        return
    due, got = numbers
    for axis, kind in ((1, "row"), (0, "column")):
        factors = [
            _factor(mine, theirs)
            if not close(mine, theirs)
            else 1.0
            for mine, theirs in zip(np.moveaxis(due, 1 - axis, 0), np.moveaxis(got, 1 - axis, 0),
                                    strict=True)
        ]  # fmt: skip
        given = [factor for factor in factors if factor is not None]
        if len(given) < len(factors):
            continue
        low = sum(factor < 1 for factor in given)
        size = "too large or small"
        if low in (0, len(given)):
            size = "too small" if low else "too large"
        text = f"numbers in the right proportion within each {kind}, of which {kind}s are {size}"
        yield Finding(f"proportion {kind} {size}", f"{text} as a whole")
        yield Finding(f"proportion {kind}", f"numbers in the right proportion within each {kind}")


def sharpness(call: Observation) -> Iterator[Finding]:
    """Shares that are too even, or not even enough."""
    if (numbers := _numbers(call)) is None or (axis := _shared_out(numbers[0])) is None:
        return
    due, got = (np.moveaxis(array, axis, -1).reshape(-1, array.shape[axis]) for array in numbers)
    if not close(got.sum(axis=1), 1.0) or due.shape[1] < 2 or (got < 0).any():
        return
    seen = (np.minimum(due, got) > _TINY) & (due[:, :1] > _TINY) & (got[:, :1] > _TINY)
    ours = np.log(np.where(seen, due / due[:, :1], 1.0))
    theirs = np.log(np.where(seen, got / got[:, :1], 1.0))
    power = float((ours * theirs).sum() / max((ours * ours).sum(), ATOL))
    alike = np.allclose(theirs, power * ours, rtol=1e-5, atol=1e-6)
    if alike and np.isclose(power, 1, rtol=1e-3):  # only numbers that are 0 are wrong
        return
    if power > 0 and alike:
        how = "even" if power < 1 else "uneven"
        text = f"shares that are too {how}, as if the scores below them were"
        for key, words in equals(power, call):
            whole = f"{text} {power:.3g} times what they should be, and {power:.3g} is {words}"
            yield Finding(f"power {key}", whole)
        yield Finding(f"power {power:.6g}", f"{text} {in_words(power)} what they should be")
        yield Finding(f"too {how}", f"shares in the right order that are too {how}")
    elif (np.argsort(due) == np.argsort(got)).all():
        for how, low in (("even", True), ("uneven", False)):
            if ((got.max(axis=1) < due.max(axis=1)) == low).all():
                yield Finding(f"too {how}", f"shares in the right order that are too {how}")


def _shared_out(due: np.ndarray) -> int | None:
    """The one axis along which numbers are shares of 1."""
    if not due.ndim or (due < 0).any():
        return None
    axes = [axis for axis in range(due.ndim) if close(due.sum(axis=axis), 1.0)]
    return axes[0] if len(axes) == 1 else None


#: All rules; those that say most come first.
VALUE_RULES: Final[tuple[Rule, ...]] = (
    packaging, one_product_more, another_shape, few_digits, one_factor, each_alike, some_places,
    not_finite, zeros, another_order, all_the_same, sharpness, sums, lengths, shares, proportions,
)  # fmt: skip
#: The rules whose findings on altered calls are no accident.
EXACT_RULES: Final[tuple[Rule, ...]] = (another_shape, few_digits, one_factor, each_alike)
