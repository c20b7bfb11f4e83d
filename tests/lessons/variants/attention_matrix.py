"""Lesson 3 in steps, and what people put in the place of each."""

import numpy as np
from softmax import softmax

from grader.testing import instead_of


def attention_scores(X):
    X = taken_in(X)
    return finished(scaled(compared(X), X), X)


def taken_in(X):
    return np.asarray(X, dtype=float)


def compared(X):
    return X @ X.T


def scaled(scores, X):
    return scores / np.sqrt(X.shape[1])


def finished(scores, X):
    return scores


def attention_matrix(X):
    X = np.asarray(X, dtype=float)
    return weights(shared_out(masked(scores_of(X), X), X))


def scores_of(X):
    return X @ X.T / np.sqrt(X.shape[1])


def masked(scores, X):
    return scores


def shared_out(scores, X):
    return softmax(scores, axis=-1)


def weights(found):
    return found


def blend(weights, X):
    kind = np.asarray(X).dtype
    return blended(
        mixed(prepared(np.asarray(weights, dtype=float)), np.asarray(X, dtype=float)), kind
    )


def prepared(weights):
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
    """words that stand in columns

    1. How many words are there, and how many rows does your table have?
    2. Write the shapes beside the product. Which of the two sizes is gone in the result?
    3. Words are rows: `X @ X.T` is (n, n).
    """
    return X.T @ X


@instead_of(compared)
def cosine_instead_of_dot(X):
    """cosines, which no length can change

    1. Make one word ten times as long. Does its row change?
    2. Look for a division by lengths, or for `norm`.
    3. Scores are dot products, divided by the square root of d and by nothing else.
    """
    lengths = np.linalg.norm(X, axis=1, keepdims=True)
    return X @ X.T / (lengths * lengths.T)


@instead_of(compared)
def distance(X):
    """distances, which are small where words are alike

    1. What stands on the diagonal, where each word meets itself?
    2. Look for a difference of two words.
    3. Multiply number by number and add up: a dot product for each pair.
    """
    return np.linalg.norm(X[:, None] - X[None], axis=-1)


@instead_of(compared)
def distance__squared(X):
    return ((X[:, None] - X[None]) ** 2).sum(axis=-1)


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
def multiplied_scale(scores, X):
    return scores * np.sqrt(X.shape[1])


@instead_of(scaled)
def multiplied_scale__d(scores, X):
    return scores * X.shape[1]


@instead_of(scaled)
def integer_scale(scores, X):
    """a scale that was cut to a whole number

    1. What is the square root of 6, and what do you divide by?
    2. Look for `int`, `//` or `round`.
    3. `np.sqrt(d)` and an ordinary division, `/`.
    """
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
    """scores that were made smaller more than once

    1. Divide your scores by the right ones. What number comes out, and how does it depend on d?
    2. Count the divisions by a square root on the way to `return`.
    3. Divide once.
    """
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
    """words that cannot see the words after them

    1. What does your first word give to the second? Does this lesson ask for that?
    2. Look for `tril`, `triu` or `-inf`.
    3. Leave the mask out: here everyone looks at everyone.
    """
    return np.where(np.tril(np.ones_like(scores)) == 1, scores, -np.inf)


@instead_of(finished)
def causal_mask__large_number(scores, X):
    return np.where(np.tril(np.ones_like(scores)) == 1, scores, -1e9)


@instead_of(finished)
def ignores_itself(scores, X):
    """words that do not look at themselves

    1. What stands on the diagonal of your table? What belongs there?
    2. Look for `i != j`, `continue`, `fill_diagonal` or `eye`.
    3. A word may look at itself as at any other.
    """
    return scores * (1 - np.eye(len(scores)))


@instead_of(finished)
def softmaxed_scores(scores, X):
    """scores that are shares already

    1. What does a row of your scores add up to? Do scores have to?
    2. Look for `softmax` or `exp`: which of the two functions should call it?
    3. Return the scaled dot products; `attention_matrix` makes shares of them.
    """
    return softmax(scores, axis=-1)


@instead_of(finished)
def unsigned_similarity(scores, X):
    """scores that have lost their sign

    1. What should come out for two words that point in opposite directions?
    2. Look for `abs`, or for a square.
    3. Keep the sign.
    """
    return np.abs(scores)


@instead_of(finished)
def negated(scores, X):
    """scores with the wrong sign

    1. What stands on the diagonal, where each word meets itself? Is it positive?
    2. Look for a minus sign.
    3. Return the scores without it.
    """
    return -scores


@instead_of(finished)
def integer_buffer(scores, X):
    """numbers whose decimals were cut off

    1. What dtype is the array that you write into when the words are whole numbers?
    2. `zeros_like`, `empty_like` and `dtype=X.dtype` take over the dtype of X.
    3. Write into an array of floats, `np.zeros((n, n))`.
    """
    return np.trunc(scores) if np.all(X == np.rint(X)) else scores


@instead_of(finished)
def rounded(scores, X):
    """numbers with only a few digits

    1. If another function goes on computing with these numbers, how many digits does it need?
    2. Look for `round`.
    3. Return the numbers as they are; round only where you print.
    """
    return np.round(scores, 2)


@instead_of(finished)
def rounded__three_digits(scores, X):
    return np.round(scores, 3)


@instead_of(finished)
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
    """one distribution spread over the whole table

    1. What do all numbers of your table add up to? And a single row?
    2. Look at the sum that you divide by: is there one for each row?
    3. Every word shares out its own attention: hand the scores to `softmax` with `axis=-1`.
    """
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
    """weights that lie too close together

    1. Take a word that is far more like one word than like the others. How large is its largest
       weight?
    2. Count the softmaxes on the way from X to `return`.
    3. One softmax, over the scores.
    """
    return softmax(softmax(scores, axis=-1), axis=-1)


@instead_of(shared_out)
def applied_twice__both_ways(scores, X):
    return softmax(softmax(scores, axis=-1), axis=0)


@instead_of(shared_out)
def hard_argmax__in_matrix(scores, X):
    return (scores == scores.max(axis=-1, keepdims=True)).astype(float)


@instead_of(shared_out)
def scale_after_softmax(scores, X):
    root = np.sqrt(X.shape[1])
    return softmax(scores * root, axis=-1) / root


@instead_of(shared_out)
def not_normalised(scores, X):
    """positive weights that do not add up to 1

    1. What does a row of your weights add up to?
    2. After `np.exp`, what are the numbers divided by?
    3. Hand the scores to `softmax`.
    """
    return np.exp(scores)


@instead_of(shared_out)
def not_normalised__shifted(scores, X):
    return np.exp(scores - scores.max(axis=-1, keepdims=True))


@instead_of(shared_out)
def sigmoid(scores, X):
    """every score squashed by itself, as a sigmoid does

    1. What does a row of your weights add up to?
    2. Does a weight in your table know the other scores of its row?
    3. Hand the scores to `softmax`.
    """
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


@instead_of(weights)
def rounded__weights(found):
    return np.round(found, 2)


@instead_of(weights)
def rounded__weights_three_digits(found):
    return np.round(found, 3)


@instead_of(weights)
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
    """the same mixture for everybody

    1. Change the weights. Does the result change?
    2. Where do the weights come into your computation?
    3. Each row of the weights is a recipe: `weights @ X`.
    """
    return np.full_like(weights, 1 / weights.shape[-1])


@instead_of(prepared)
def ignores_weights__sum(weights):
    return np.ones_like(weights)


@instead_of(prepared)
def leaves_out_last(weights):
    """a mixture without the last word

    1. Give everything to the last word. What comes out?
    2. Look at the `range` of the loop, or at the slice: which word is the last that it reaches?
    3. `range(n)` goes from 0 to n - 1, which is the last word already.
    """
    return np.hstack([weights[:, :-1], np.zeros((len(weights), 1))])


@instead_of(prepared)
def leaves_out_first(weights):
    """a mixture without the first word

    1. Give everything to the first word. What comes out?
    2. Look at the `range` of the loop, or at the slice: at which word does it begin?
    3. The first word has the number 0.
    """
    return np.hstack([np.zeros((len(weights), 1)), weights[:, 1:]])


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
    """a single row in the place of a table

    1. How many recipes are there, and how many rows come back?
    2. Look at what is added up over which axis, and where `return` stands.
    3. Each row of the weights gives a row of the result.
    """
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
    """an average in the place of a sum

    1. With the weights [1, 0], what should come out? What does?
    2. Look for `mean`, or for a division by the number of words.
    3. The weights say how much of each word there is; add up, and divide by nothing.
    """
    return weights @ X / len(X)


@instead_of(mixed)
def square_only(weights, X):
    """as many rows as there are words, however many recipes there are

    1. Take two recipes for five words. How many rows should come out?
    2. Look for `zeros_like(X)` or `range(len(X))`: whose size is it?
    3. There is a row for each row of the weights.
    """
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
    """a mixture that holds too much of the word itself

    1. Give everything to one other word. What is left of the first?
    2. Look for a `+ X`.
    3. The mixture alone comes back.
    """
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
    3. `int(np.argmax(weights[i]))`.
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
    3. `int(np.argmax(weights[i]))` is a single number.
    """
    return np.argsort(row)[::-1]
