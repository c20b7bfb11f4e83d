"""Lesson 3 in steps, and what people put in the place of each."""

import numpy as np
from softmax import softmax

from grader.testing import instead_of


def attention_scores(X):
    taken = taken_in(X)
    return returned(finished(scaled(compared(taken), taken), taken), X)


def taken_in(X):
    return np.asarray(X, dtype=float)


def compared(X):
    return X @ X.T


def scaled(scores, X):
    return scores / np.sqrt(X.shape[1])


def finished(scores, X):
    return scores


def returned(scores, X):
    return scores


def attention_matrix(X):
    X = np.asarray(X, dtype=float)
    return kept(weights(shared_out(masked(scores_of(X), X), X)))


def scores_of(X):
    return X @ X.T / np.sqrt(X.shape[1])


def masked(scores, X):
    return scores


def shared_out(scores, X):
    return softmax(scores, axis=-1)


def weights(found):
    return found


def kept(found):
    return found


def blend(weights, X):
    kind = np.asarray(X).dtype
    weights = shortened(prepared(np.asarray(weights, dtype=float)))
    return blended(mixed(weights, np.asarray(X, dtype=float)), kind)


def prepared(weights):
    return weights


def shortened(weights):
    return weights


def mixed(weights, X):
    return weights @ X


def blended(found, kind):
    return found


def most_attended(weights, i):
    return place(looked_at(np.asarray(weights), i), i)


def looked_at(weights, i):
    return weights[i]


def place(row, i):
    return int(np.argmax(row))


# ---- attention_scores


@instead_of(compared)
def tokens_as_columns(X):
    return X.T @ X


@instead_of(compared)
def cosine_instead_of_dot(X):
    lengths = np.linalg.norm(X, axis=1, keepdims=True)
    return X @ X.T / (lengths * lengths.T)


@instead_of(compared)
def distance(X):
    return np.linalg.norm(X[:, None] - X[None], axis=-1)


@instead_of(compared)
def distance__squared(X):
    return ((X[:, None] - X[None]) ** 2).sum(axis=-1)


@instead_of(taken_in)
def centred_words(X):
    """scores that stay when all words move alike

    1. Add the same number to all words. Do your scores change?
    2. Look for `mean` before the product.
    3. The words are multiplied as they come.
    """
    X = np.asarray(X, dtype=float)
    return X - X.mean(axis=0)


@instead_of(taken_in)
def centred_words__rows(X):
    X = np.asarray(X, dtype=float)
    return X - X.mean(axis=1, keepdims=True)


@instead_of(taken_in)
def rounded__words(X):
    return np.trunc(X)


@instead_of(compared)
def elementwise_product(X):
    """products number by number

    1. How many rows and columns should the table of n words have?
    2. `*` multiplies number by number. Which sign multiplies rows with columns and adds up?
    3. `X @ X.T`.
    """
    return X * X


@instead_of(scaled)
def missing_scale(scores, X):
    return scores


@instead_of(scaled)
def scale_by_d(scores, X):
    return scores / X.shape[1]


@instead_of(scaled)
def scale_by_d__halved(scores, X):
    return scores / X.shape[1] / 2


@instead_of(scaled)
def scale_by_d__half(scores, X):
    return scores / (X.shape[1] / 2)


@instead_of(scaled)
def scale_by_sqrt_n(scores, X):
    return scores / np.sqrt(X.shape[0])


@instead_of(scaled)
def scale_by_sqrt_n__count(scores, X):
    return scores / X.shape[0]


@instead_of(scaled)
def fixed_scale(scores, X):
    return scores / np.sqrt(2)


@instead_of(scaled)
def fixed_scale__eight(scores, X):
    return scores / 8


@instead_of(scaled)
def multiplied_scale(scores, X):
    return scores * np.sqrt(X.shape[1])


@instead_of(scaled)
def multiplied_scale__d(scores, X):
    return scores * X.shape[1]


@instead_of(scaled)
def integer_scale(scores, X):
    return scores / int(np.sqrt(X.shape[1]))


@instead_of(scaled)
def integer_scale__rounded(scores, X):
    return scores / round(np.sqrt(X.shape[1]))


@instead_of(scaled)
def floor_division(scores, X):
    """scores that are all whole numbers

    1. Can the score of two words be 2.5 in your table?
    2. `/` and `//`: which of them cuts off what stands behind the point?
    3. Divide with `/`.
    """
    return scores // np.sqrt(X.shape[1])


@instead_of(scaled)
def floor_division__whole(scores, X):
    return scores // int(np.sqrt(X.shape[1]))


@instead_of(scaled)
def scaled_twice(scores, X):
    return scores / np.sqrt(X.shape[1]) / np.sqrt(X.shape[1]) / np.sqrt(X.shape[1])


@instead_of(finished)
def triangle_only(scores, X):
    """a table of which one half is empty

    1. Which word has no score for the words after it? Should it?
    2. Look at the ranges of your loops, or for `tril` and `triu`.
    3. Both loops go over all words.
    """
    return np.tril(scores)


@instead_of(finished)
def triangle_only__upper(scores, X):
    return np.triu(scores)


@instead_of(finished)
def triangle_only__strict(scores, X):
    return np.triu(scores, 1)


@instead_of(finished)
def triangle_only__strict_lower(scores, X):
    return np.tril(scores, -1)


@instead_of(finished)
def causal_mask(scores, X):
    return np.where(np.tril(np.ones_like(scores)) == 1, scores, -np.inf)


@instead_of(finished)
def causal_mask__large_number(scores, X):
    return np.where(np.tril(np.ones_like(scores)) == 1, scores, -1e9)


@instead_of(finished)
def ignores_itself(scores, X):
    return scores * (1 - np.eye(len(scores)))


@instead_of(finished)
def softmaxed_scores(scores, X):
    return softmax(scores, axis=-1)


@instead_of(finished)
def unsigned_similarity(scores, X):
    return np.abs(scores)


@instead_of(finished)
def negated(scores, X):
    return -scores


@instead_of(returned)
def integer_buffer(scores, X):
    return np.trunc(scores) if np.asarray(X).dtype.kind in "iu" else scores


@instead_of(returned)
def rounded(scores, X):
    return np.round(scores, 2)


@instead_of(returned)
def rounded__three_digits(scores, X):
    return np.round(scores, 3)


@instead_of(returned)
def rounded__one_digit(scores, X):
    return np.round(scores, 1)


@instead_of(finished)
def centred_scores(scores, X):
    """scores from which something was taken off

    1. Take your scores off the right ones. What is left?
    2. Look for a `max` or a `mean`.
    3. The shift belongs into softmax, not into the scores.
    """
    return scores - scores.max(axis=-1, keepdims=True)


# ---- attention_matrix


@instead_of(scores_of)
def missing_scale__in_matrix(X):
    return X @ X.T


@instead_of(scores_of)
def scale_by_d__in_matrix(X):
    return X @ X.T / X.shape[1]


@instead_of(scores_of)
def scale_by_sqrt_n__in_matrix(X):
    return X @ X.T / np.sqrt(X.shape[0])


@instead_of(scores_of)
def multiplied_scale__in_matrix(X):
    return X @ X.T * np.sqrt(X.shape[1])


@instead_of(scores_of)
def tokens_as_columns__in_matrix(X):
    return X.T @ X / np.sqrt(X.shape[0])


@instead_of(scores_of)
def cosine_instead_of_dot__in_matrix(X):
    lengths = np.linalg.norm(X, axis=1, keepdims=True)
    return X @ X.T / (lengths * lengths.T)


@instead_of(masked)
def causal_mask__in_matrix(scores, X):
    return np.where(np.tril(np.ones_like(scores)) == 1, scores, -np.inf)


@instead_of(masked)
def causal_mask__zeros(scores, X):
    return np.tril(scores)


@instead_of(masked)
def ignores_itself__in_matrix(scores, X):
    return np.where(np.eye(len(scores)) == 1, -np.inf, scores)


@instead_of(masked)
def ignores_itself__zero(scores, X):
    return scores * (1 - np.eye(len(scores)))


@instead_of(masked)
def temperature(scores, X):
    """weights that are too sharp or too even

    1. Compare your weights with the right ones: is the largest too large or too small everywhere?
    2. Look for a factor beside the square root of d.
    3. Softmax takes the scores as `attention_scores` gives them.
    """
    return scores / 2


@instead_of(masked)
def temperature__doubled(scores, X):
    return scores * 2


@instead_of(shared_out)
def wrong_softmax_axis(scores, X):
    return softmax(scores, axis=0)


@instead_of(shared_out)
def global_normalisation(scores, X):
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


@instead_of(shared_out)
def no_softmax(scores, X):
    return scores / scores.sum(axis=-1, keepdims=True)


@instead_of(shared_out)
def no_softmax__raw(scores, X):
    return scores


@instead_of(shared_out)
def applied_twice(scores, X):
    return softmax(softmax(scores, axis=-1), axis=-1)


@instead_of(shared_out)
def applied_twice__both_ways(scores, X):
    return softmax(softmax(scores, axis=-1), axis=0)


@instead_of(shared_out)
def hard_argmax__in_matrix(scores, X):
    return (scores == scores.max(axis=-1, keepdims=True)).astype(float)


@instead_of(shared_out)
def normalised_relu(scores, X):
    cut = np.maximum(scores, 0)
    return cut / cut.sum(axis=-1, keepdims=True)


@instead_of(shared_out)
def normalised_sigmoid(scores, X):
    squashed = 1 / (1 + np.exp(-scores))
    return squashed / squashed.sum(axis=-1, keepdims=True)


@instead_of(masked)
def rescaled_scores(scores, X):
    return (scores - scores.mean(axis=-1, keepdims=True)) / scores.std(axis=-1, keepdims=True)


@instead_of(kept)
def percentages(found):
    return 100 * found


@instead_of(kept)
def rounded__weights_whole(found):
    return np.round(found)


@instead_of(shared_out)
def scale_after_softmax(scores, X):
    root = np.sqrt(X.shape[1])
    return softmax(scores * root, axis=-1) / root


@instead_of(shared_out)
def not_normalised(scores, X):
    return np.exp(scores)


@instead_of(shared_out)
def not_normalised__shifted(scores, X):
    return np.exp(scores - scores.max(axis=-1, keepdims=True))


@instead_of(shared_out)
def sigmoid(scores, X):
    return 1 / (1 + np.exp(-scores))


@instead_of(shared_out)
def unstable(scores, X):
    """exponentials that overflow when scores are large

    1. What is `np.exp(1000)`? Can a score be as large as that?
    2. Did you write the softmax anew? Your own of lesson 2 has a guard.
    3. Hand the scores to `softmax`.
    """
    powers = np.exp(scores)
    return powers / powers.sum(axis=-1, keepdims=True)


@instead_of(kept)
def rounded__weights(found):
    return np.round(found, 2)


@instead_of(kept)
def rounded__weights_three_digits(found):
    return np.round(found, 3)


@instead_of(kept)
def rounded__weights_one_digit(found):
    return np.round(found, 1)


@instead_of(weights)
def ignores_itself__afterwards(found):
    return found * (1 - np.eye(len(found)))


@instead_of(weights)
def causal_mask__afterwards(found):
    return np.tril(found)


@instead_of(weights)
def rows_only__averaged(found):
    return found.mean(axis=0)


@instead_of(weights)
def rows_only__added_up(found):
    return found.sum(axis=0)


@instead_of(weights)
def symmetric(found):
    """a table in which both words of a pair give each other the same

    1. Must what *river* gives to *bank* be what *bank* gives to *river*?
    2. Look for a sum with `.T`, or for a division by 2.
    3. Return the weights as `softmax` gives them.
    """
    return (found + found.T) / 2


# ---- blend


@instead_of(prepared)
def transposed_weights(weights):
    return weights.T


@instead_of(prepared)
def normalises_again(weights):
    """recipes that were made to add up to 1

    1. With the weights [1, 1], what is mixed: the sum of two words, or their average?
    2. Look for a division by a sum.
    3. Take the weights as they are.
    """
    return weights / weights.sum(axis=-1, keepdims=True)


@instead_of(prepared)
def applied_twice__in_blend(weights):
    return softmax(weights, axis=-1)


@instead_of(prepared)
def hard_argmax(weights):
    return (weights == weights.max(axis=-1, keepdims=True)).astype(float)


@instead_of(prepared)
def hard_argmax__first(weights):
    return np.eye(weights.shape[1])[weights.argmax(axis=1)]


@instead_of(prepared)
def ignores_weights(weights):
    return np.full_like(weights, 1 / weights.shape[-1])


@instead_of(prepared)
def ignores_weights__sum(weights):
    return np.ones_like(weights)


@instead_of(shortened)
def leaves_out_last(weights):
    return np.hstack([weights[:, :-1], np.zeros((len(weights), 1))])


@instead_of(shortened)
def leaves_out_first(weights):
    return np.hstack([np.zeros((len(weights), 1)), weights[:, 1:]])


@instead_of(prepared)
def transposed_weights__square_alone(weights):
    return weights.T if weights.shape[0] == weights.shape[1] else weights


@instead_of(prepared)
def squared_weights(weights):
    """weights that count twice

    1. With the weights [0.5, 0.5], what should come out, and what does?
    2. How often does a weight come into a product?
    3. `weights @ X`, once.
    """
    return weights**2


@instead_of(mixed)
def wrong_order(weights, X):
    """weights that were mixed by the words

    1. With the weights [0.5, 0.5, 0] and three words, how many rows come out?
    2. Write the shapes side by side: (m, n) and (n, d). In which order do the inner ones agree?
    3. The weights stand on the left.
    """
    return X @ weights


@instead_of(mixed)
def wrong_order__transposed(weights, X):
    return X.T @ weights


@instead_of(mixed)
def wrong_order__on_its_side(weights, X):
    return (weights @ X).T


@instead_of(mixed)
def elementwise_product__in_blend(weights, X):
    return weights * X


@instead_of(mixed)
def rows_only(weights, X):
    """what the weights of a row add up to, for each of them

    1. Change X. Does your result change as it should?
    2. What do you add up: weights, or weights times words?
    3. `weights @ X` does both: it multiplies and adds up.
    """
    return weights.sum(axis=1, keepdims=True) * np.ones((1, X.shape[1]))


@instead_of(mixed)
def rows_only__times_words(weights, X):
    return weights.sum(axis=1, keepdims=True) * X


@instead_of(mixed)
def rows_only__flat(weights, X):
    return weights.sum(axis=1)


@instead_of(mixed)
def one_row_only(weights, X):
    return (weights @ X)[0]


@instead_of(mixed)
def one_row_only__kept(weights, X):
    return (weights @ X)[:1]


@instead_of(mixed)
def one_row_only__last(weights, X):
    return (weights @ X)[-1]


@instead_of(mixed)
def one_row_only__sum(weights, X):
    return (weights @ X).sum(axis=0)


@instead_of(mixed)
def mean_instead_of_sum(weights, X):
    return weights @ X / len(X)


@instead_of(mixed)
def square_only(weights, X):
    out = np.zeros_like(X)
    for i in range(len(X)):
        out[i] = weights[i] @ X
    return out


@instead_of(mixed)
def square_only__buffer(weights, X):
    out = np.zeros_like(X)
    out[: len(weights)] = weights[: len(X)] @ X
    return out


@instead_of(mixed)
def residual(weights, X):
    return weights @ X + X


@instead_of(blended)
def integer_buffer__blended(found, kind):
    return found.astype(kind).astype(float)


@instead_of(blended)
def rounded__blended(found, kind):
    return np.round(found, 2)


@instead_of(blended)
def rounded__blended_whole(found, kind):
    return np.round(found)


# ---- most_attended


@instead_of(looked_at)
def reads_column(weights, i):
    return weights[:, i]


@instead_of(looked_at)
def flat_index(weights, i):
    """a place in the whole table

    1. How large can the number of a word be?
    2. In how much of the table do you look for the largest number?
    3. Take row i first, `weights[i]`, and look there.
    """
    return weights.ravel()


@instead_of(looked_at)
def ignores_itself__looked_at(weights, i):
    return np.where(np.arange(weights.shape[1]) == i, -np.inf, weights[i])


@instead_of(looked_at)
def everyone(weights, i):
    """the word that gets most attention from all together

    1. Change another row than row i. Does your answer change?
    2. Over which axis do you add up or look for the largest?
    3. Take row i first, `weights[i]`.
    """
    return weights.sum(axis=0)


@instead_of(looked_at)
def wrong_row(weights, i):
    """the answer for another word

    1. Whose attention do you look at for i = 0, and whose for i = 1?
    2. Look at the number between the brackets.
    3. `weights[i]`.
    """
    return weights[i - 1]


@instead_of(looked_at)
def wrong_row__first(weights, i):
    return weights[0]


@instead_of(place)
def value_instead_of_index(row, i):
    """a weight in the place of a word's number

    1. Is your answer a place, or what stands there?
    2. `max` and `argmax`: which of them gives the place?
    3. Return the place that `argmax` finds in row i.
    """
    return row.max()


@instead_of(place)
def smallest(row, i):
    """the word that gets the least

    1. Which number of the row stands at your place?
    2. Look for `argmin`, or for a sorted list and its first place.
    3. `argmax`.
    """
    return int(np.argmin(row))


@instead_of(place)
def off_by_one(row, i):
    """places that are counted from 1

    1. Which number does the first word have in Python?
    2. Look for a `+ 1` or a `- 1`.
    3. `argmax` counts from 0 already; return what it gives.
    """
    return int(np.argmax(row)) + 1


@instead_of(place)
def off_by_one__less(row, i):
    return int(np.argmax(row)) - 1


@instead_of(place)
def second_best(row, i):
    """the word in the second place

    1. Which number of the row stands at your place? Is there a larger one?
    2. Look at how you take a place out of a sorted list.
    3. `argmax`.
    """
    return int(np.argsort(row)[-2])


@instead_of(place)
def whole_ranking(row, i):
    """all places in order, in the place of the first

    1. How many numbers come back?
    2. Look for `argsort`.
    3. One number comes back: the place of the largest. `argmax` finds it.
    """
    return np.argsort(row)[::-1]
