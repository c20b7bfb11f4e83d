"""Lesson 2 in steps, and what people put in the place of each."""

import numpy as np

from grader.testing import instead_of


def softmax(scores, axis=-1):
    axis = direction(axis)
    numbers = rescaled(taken_in(scores), axis)
    return finished(handed_back(shares(numbers, axis), scores, axis), scores)


def direction(axis):
    return axis


def taken_in(scores):
    return np.asarray(scores, dtype=float)


def rescaled(numbers, axis):
    return numbers


def shares(numbers, axis):
    return divided(powers(numbers, axis), axis)


def powers(numbers, axis):
    return exponential(shifted(numbers, axis))


def shifted(numbers, axis):
    return numbers - numbers.max(axis=axis, keepdims=True)


def exponential(numbers):
    return np.exp(numbers)


def divided(powers, axis):
    return powers / powers.sum(axis=axis, keepdims=True)


def handed_back(shares, scores, axis):
    return shares


def finished(shares, scores):
    return shares


# ---- what a row is


@instead_of(shares)
def vector_as_rows(numbers, axis):
    """a share of 1 for every score of a vector

    1. What does your function return for softmax([1, 2, 3]), and by which sum did it divide each?
    2. `for row in scores` walks along the first axis. What is a `row`, if scores has no other axis?
    3. Leave the loop out: `max` and `sum` with `axis=axis, keepdims=True` fit vectors and tables.
    """
    if numbers.ndim > 1:
        return divided(powers(numbers, axis), axis)
    return np.array([divided(powers(number, None), None) for number in numbers])


@instead_of(shares)
def vector_as_rows__column(numbers, axis):
    if numbers.ndim > 1:
        return divided(powers(numbers, axis), axis)
    return divided(powers(numbers[:, np.newaxis], 1), 1)[:, 0]


# ---- along which axis


@instead_of(direction)
def wrong_axis(axis):
    return 0


@instead_of(direction)
def ignores_axis(axis):
    return -1


@instead_of(direction)
def ignores_axis__rows(axis):
    return 1


@instead_of(direction)
def axis_within_a_row(axis):
    """shares along an axis that is counted within one row

    1. What does your function do with softmax(scores, axis=1) for a table of scores?
    2. `row.sum(axis=axis)`: the caller counts the axes of all scores. How many has one row?
    3. Leave the loop out: `max` and `sum` of all scores with `axis=axis, keepdims=True` fit.
    """
    return np.lib.array_utils.normalize_axis_index(axis, 1) - 1


@instead_of(direction)
def global_normalisation(axis):
    return None


@instead_of(shifted)
def wrong_axis__row_shift(numbers, axis):
    return numbers - numbers.max(axis=-1, keepdims=True)


@instead_of(divided)
def wrong_axis__sum(powers, axis):
    return powers / powers.sum(axis=0, keepdims=True)


@instead_of(divided)
def ignores_axis__sum(powers, axis):
    return powers / powers.sum(axis=-1, keepdims=True)


@instead_of(divided)
def global_normalisation__sum(powers, axis):
    return powers / powers.sum()


@instead_of(divided)
def lost_keepdims(powers, axis):
    """shares in what belongs to another row

    1. Your sums are right, one for each row. By which of them is the number at row 0, column 1
       divided?
    2. `powers.sum(axis=axis)` has an axis less than the powers. How does numpy line the two up?
    3. Ask the sum (and the maximum) to keep the axis with length 1: `keepdims=True`.
    """
    return powers / powers.sum(axis=axis)


@instead_of(divided)
def running_sum(powers, axis):
    """shares of a sum that is still growing

    1. Which share does your first score get, whatever it is?
    2. By how many different numbers is one row divided, and by how many should it be?
    3. `sum` adds up a whole row; `cumsum` lists the sums on the way there.
    """
    return powers / powers.cumsum(axis=axis)


# ---- before the exponential


@instead_of(shifted)
def unstable(numbers, axis):
    return numbers


@instead_of(shifted)
def unstable__smallest(numbers, axis):
    return numbers - numbers.min(axis=axis, keepdims=True)


@instead_of(shifted)
def unstable__first(numbers, axis):
    return numbers - np.take(numbers, [0], axis=axis if axis is not None else -1)


@instead_of(shifted)
def global_max(numbers, axis):
    return numbers - numbers.max()


@instead_of(shifted)
def unstable__mean(numbers, axis):
    return numbers - numbers.mean(axis=axis, keepdims=True)


@instead_of(shifted)
def mutates_input(numbers, axis):
    numbers -= numbers.max(axis=axis, keepdims=True)
    return numbers


@instead_of(shifted)
def clipped_scores(numbers, axis):
    """scores that were cut off above some height

    1. Take the scores 1000 and 999. Which of the two shares should be larger? Is it?
    2. Look for `clip`, `minimum` or `maximum`: what becomes of two scores beyond the bound?
    3. Shift instead of cutting: take off the largest score along `axis`.
    """
    return np.clip(numbers, -500, 500)


@instead_of(shifted)
def clipped_scores__low(numbers, axis):
    return np.clip(numbers, -100, 100)


@instead_of(shifted)
def clipped_scores__narrow(numbers, axis):
    return np.clip(numbers, -10, 10)


@instead_of(rescaled)
def rescaled_scores(numbers, axis):
    spread = numbers.std(axis=axis, keepdims=True)
    return (numbers - numbers.mean(axis=axis, keepdims=True)) / spread


@instead_of(rescaled)
def divides_by_max__before(numbers, axis):
    return numbers / numbers.max(axis=axis, keepdims=True)


@instead_of(rescaled)
def divides_by_max__size(numbers, axis):
    return numbers / np.abs(numbers).max(axis=axis, keepdims=True)


@instead_of(rescaled)
def rescaled_scores__to_one(numbers, axis):
    low, high = numbers.min(axis=axis, keepdims=True), numbers.max(axis=axis, keepdims=True)
    return (numbers - low) / (high - low)


@instead_of(rescaled)
def rescaled_scores__length(numbers, axis):
    return numbers / np.linalg.norm(numbers, axis=axis, keepdims=True)


@instead_of(rescaled)
def sorted_scores(numbers, axis):
    """the right shares, in the order of their size

    1. Give the largest score the first place. Which place has the largest share?
    2. Look for `sort` or `sorted`.
    3. The largest score is found with `max`; the scores stay where they are.
    """
    return np.sort(numbers, axis=axis)


@instead_of(rescaled)
def temperature(numbers, axis):
    """shares that are too sharp or too even

    1. Compare your shares with the right ones: is the largest too large or too small everywhere?
    2. Look for a number by which the scores are divided or multiplied.
    3. `np.exp` takes the scores as they are, less the largest one.
    """
    return numbers / 2


@instead_of(rescaled)
def temperature__doubled(numbers, axis):
    return 2 * numbers


@instead_of(rescaled)
def rescaled_scores__count(numbers, axis):
    return numbers / np.sqrt(numbers.shape[-1])


# ---- the exponential


@instead_of(taken_in)
def negated__first(scores):
    return -np.asarray(scores, dtype=float)


@instead_of(taken_in)
def whole_number_scores(scores):
    """scores that lost what is behind their point

    1. Which shares do the scores 0.2 and 0.7 get? Are they different?
    2. Of which type is the array that you make of the scores?
    3. `dtype=float` keeps what is behind the point; `int` cuts it off.
    """
    return np.trunc(np.asarray(scores, dtype=float))


@instead_of(taken_in)
def sorted_scores__rows(scores):
    return np.sort(np.asarray(scores, dtype=float), axis=-1)


@instead_of(taken_in)
def mutates_input__directly(scores):
    scores -= np.max(scores)
    return np.asarray(scores, dtype=float)


@instead_of(exponential)
def negated(numbers):
    return np.exp(-numbers)


@instead_of(powers)
def negated__unshifted(numbers, axis):
    return np.exp(-numbers)


@instead_of(exponential)
def applied_twice__exponential(numbers):
    return np.exp(np.exp(numbers))


@instead_of(exponential)
def wrong_base(numbers):
    """powers of another base than e

    1. One score is higher than another by 1. How many times as large should its share be, and how
       many times is it?
    2. Which number do you raise to the power of the scores?
    3. `np.exp(x)` is e to the power of x, with e = 2.718…
    """
    return 2.0**numbers


@instead_of(exponential)
def wrong_base__ten(numbers):
    return 10.0**numbers


@instead_of(exponential)
def no_exp__shifted(numbers):
    return numbers


@instead_of(powers)
def no_exp(numbers, axis):
    return numbers


@instead_of(powers)
def no_exp__absolute(numbers, axis):
    return np.abs(numbers)


@instead_of(powers)
def no_exp__above_smallest(numbers, axis):
    return numbers - numbers.min(axis=axis, keepdims=True)


@instead_of(powers)
def squares(numbers, axis):
    """squares in the place of exponentials

    1. Which share does the score -3 get beside 1 and 2, and which should it get?
    2. A square forgets the sign. What makes every number positive and keeps the order?
    3. `np.exp` of the score less the largest one.
    """
    return numbers**2


@instead_of(powers)
def shifted_powers(numbers, axis):
    """shares of which the largest score gets none

    1. Which share does the largest score get, and which sign do the others have?
    2. You take off a maximum: of the scores, or of their exponentials?
    3. Shift first, with the largest score along `axis`; then `np.exp`.
    """
    powers = np.exp(numbers)
    return powers - powers.max(axis=axis, keepdims=True)


@instead_of(powers)
def normalised_relu(numbers, axis):
    return np.maximum(numbers, 0)


@instead_of(powers)
def normalised_sigmoid(numbers, axis):
    return 1 / (1 + np.exp(-numbers))


@instead_of(shares)
def sigmoid(numbers, axis):
    return 1 / (1 + np.exp(-numbers))


@instead_of(shares)
def divides_in_exponent(numbers, axis):
    """exponentials that were never shared out

    1. What is divided by what in the formula: the scores, or their exponentials?
    2. Follow your brackets: where does the one of `exp(` close?
    3. First `powers = np.exp(…)`, on a line of its own; then divide the powers by their sum.
    """
    return np.exp(numbers / np.exp(numbers).sum(axis=axis, keepdims=True))


@instead_of(shares)
def divides_in_exponent__shifted_sum(numbers, axis):
    total = np.exp(numbers - numbers.max(axis=axis, keepdims=True)).sum(axis=axis, keepdims=True)
    return np.exp(numbers / total)


@instead_of(shares)
def divides_in_exponent__shifted(numbers, axis):
    shifted = numbers - numbers.max(axis=axis, keepdims=True)
    return np.exp(shifted / np.exp(shifted).sum(axis=axis, keepdims=True))


@instead_of(shares)
def divides_in_exponent__one_shift(numbers, axis):
    return np.exp(numbers / np.exp(numbers - numbers.max()).sum(axis=axis, keepdims=True))


@instead_of(shares)
def divides_in_exponent__largest_alone(numbers, axis):
    largest = numbers.max(axis=axis, keepdims=True)
    return np.exp(numbers - largest / np.exp(numbers).sum(axis=axis, keepdims=True))


@instead_of(shares)
def divides_in_exponent__by_sum(numbers, axis):
    return np.exp(numbers / numbers.sum(axis=axis, keepdims=True))


# ---- the division


@instead_of(divided)
def not_normalised(powers, axis):
    return powers


@instead_of(divided)
def one_too_many(powers, axis):
    """shares that leave something over

    1. What does a row of your result add up to? Is it always the same?
    2. What is added to the sum that you divide by?
    3. Divide by the sum of the powers, and by nothing more.
    """
    return powers / (1 + powers.sum(axis=axis, keepdims=True))


@instead_of(divided)
def one_sum_for_all(powers, axis):
    """rows of which only one adds up to 1

    1. Which rows of your result add up to 1?
    2. How many sums do you compute, and which of them do you divide by?
    3. Each row has a sum of its own: `keepdims=True` keeps them apart.
    """
    return powers / powers.sum(axis=axis).ravel()[0]


@instead_of(divided)
def not_normalised__mean(powers, axis):
    return powers / powers.mean(axis=axis, keepdims=True)


@instead_of(divided)
def not_normalised__count(powers, axis):
    return powers / powers.shape[-1]


@instead_of(divided)
def not_normalised__length(powers, axis):
    return powers / np.sqrt((powers**2).sum(axis=axis, keepdims=True))


@instead_of(shares)
def divides_by_max__no_exp(numbers, axis):
    return numbers / numbers.max(axis=axis, keepdims=True)


# ---- what comes back


@instead_of(finished)
def rounded(shares, scores):
    return np.round(shares, 2)


@instead_of(finished)
def rounded__three_digits(shares, scores):
    return np.round(shares, 3)


@instead_of(finished)
def rounded__four_digits(shares, scores):
    return np.round(shares, 4)


@instead_of(finished)
def rounded__one_digit(shares, scores):
    return np.round(shares, 1)


@instead_of(finished)
def rounded__whole(shares, scores):
    return np.round(shares)


@instead_of(finished)
def integer_buffer(shares, scores):
    out = np.empty_like(scores)
    out[...] = shares
    return out


@instead_of(handed_back)
def vector_becomes_table(shares, scores, axis):
    """a table with one row in place of a vector

    1. What shape has your softmax([1, 2, 3]), and how many axes had the scores?
    2. Where does your code make a table of a vector, and where a vector of the table again?
    3. No table is needed: `max` and `sum` with `axis=axis, keepdims=True` fit vectors as well.
    """
    return np.atleast_2d(shares)


@instead_of(handed_back)
def hard_argmax(shares, scores, axis):
    largest = shares.max(axis=axis, keepdims=True)
    return (shares == largest).astype(float)


@instead_of(handed_back)
def applied_twice(result, scores, axis):
    return divided(powers(result, axis), axis)


@instead_of(handed_back)
def applied_twice__anew(shares, scores, axis):
    return np.exp(shares) / np.exp(shares).sum(axis=axis, keepdims=True)


@instead_of(handed_back)
def log_softmax(shares, scores, axis):
    return np.log(shares)


@instead_of(handed_back)
def percentages(shares, scores, axis):
    return 100 * shares


@instead_of(handed_back)
def one_less(shares, scores, axis):
    """what is left of 1 after the share

    1. Which score gets the most in your result?
    2. Look for `1 -` on the way to `return`.
    3. Return the shares themselves.
    """
    return 1 - shares


@instead_of(finished)
def flattened(shares, scores):
    """the right shares in another shape

    1. What shape do the scores have, and what shape does your result have?
    2. Look for `ravel`, `flatten`, `reshape` or `squeeze`.
    3. The result has the shape of the scores.
    """
    return shares.ravel()


@instead_of(finished)
def transposed_result(shares, scores):
    """a result that lies on its side

    1. What shape do the scores have, and what shape does your result have?
    2. Look for `.T`: how often do you turn the array round?
    3. With `keepdims=True` nothing has to be turned at all.
    """
    return shares.T
