"""Lesson 5 in steps, and what people put in the place of each."""

import numpy as np
from qkv import project_qkv
from softmax import softmax

from grader.testing import instead_of


def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(array, dtype=float) for array in (Q, K, V))
    return attention(Q, K, V)


def attention(Q, K, V):
    scores = scaled(compared(Q, K), Q, K, V)
    weights = adjusted(shared_out(masked(scores)), K)
    return handed_back(mixed(weights, Q, K, V), weights, scores)


def compared(Q, K):
    return Q @ K.T


def scaled(scores, Q, K, V):
    return scores / np.sqrt(K.shape[1])


def masked(scores):
    return scores


def shared_out(scores):
    return softmax(scores, axis=-1)


def adjusted(weights, K):
    return weights


def mixed(weights, Q, K, V):
    return weights @ V


def handed_back(output, weights, scores):
    return output, weights


def self_attention(X, W_q, W_k, W_v):
    X, W_q, W_k, W_v = (np.asarray(array, dtype=float) for array in (X, W_q, W_k, W_v))
    return given(*attention(*roles(X, *matrices(W_q, W_k, W_v))), X)


def matrices(W_q, W_k, W_v):
    return W_q, W_k, W_v


def roles(X, W_q, W_k, W_v):
    return project_qkv(X, W_q, W_k, W_v)


def given(output, weights, X):
    return output, weights


# ---- scores


@instead_of(compared)
def cosine_instead_of_dot(Q, K):
    """cosines, which no length can change

    1. Make one query ten times as long. Do its weights change?
    2. Look for a division by lengths, or for `norm`.
    3. Scores are dot products, divided by the square root of d_k and by nothing else.
    """
    lengths = np.linalg.norm(Q, axis=1)[:, None] * np.linalg.norm(K, axis=1)
    return Q @ K.T / lengths * np.sqrt(K.shape[1])


@instead_of(compared)
def cosine_instead_of_dot__scaled(Q, K):
    return Q @ K.T / (np.linalg.norm(Q, axis=1)[:, None] * np.linalg.norm(K, axis=1))


@instead_of(compared)
def distance(Q, K):
    """distances, which are small where vectors are alike

    1. Which key gets the largest weight: one that is like the query, or one that is far from it?
    2. Look for a difference of queries and keys.
    3. Multiply number by number and add up: `qk_scores(Q, K)`.
    """
    return np.linalg.norm(Q[:, None] - K[None], axis=-1)


@instead_of(compared)
def distance__negative(Q, K):
    return -((Q[:, None] - K[None]) ** 2).sum(axis=-1)


@instead_of(compared)
def swapped_q_k(Q, K):
    """queries and keys that changed places

    1. Whose row is it: that of the word which looks, or of the one which is looked at?
    2. Compare the order in which you hand Q and K on with the order in which they are taken.
    3. Queries stand in the rows: `qk_scores(Q, K)`.
    """
    return K @ Q.T


@instead_of(compared)
def ignores_keys(Q, K):
    """queries compared with queries

    1. Change the keys. Do your weights change?
    2. What stands on both sides of the product?
    3. `qk_scores(Q, K)`.
    """
    return Q @ Q.T


@instead_of(compared)
def ignores_keys__queries(Q, K):
    return K @ K.T


@instead_of(compared)
def negated(Q, K):
    """the least fitting key getting the largest weight

    1. Which key gets most: the one whose dot product with the query is largest, or smallest?
    2. Look for a minus sign.
    3. `softmax` takes the scaled scores as they are.
    """
    return -(Q @ K.T)


@instead_of(compared)
def unsigned_similarity(Q, K):
    """scores that have lost their sign

    1. What does a key get that points away from the query? What should it get?
    2. Look for `abs`, or for a square.
    3. Keep the sign.
    """
    return np.abs(Q @ K.T)


# ---- the scale


@instead_of(scaled)
def missing_scale(scores, Q, K, V):
    return scores


@instead_of(scaled)
def scale_by_d_k(scores, Q, K, V):
    return scores / K.shape[1]


@instead_of(scaled)
def scale_by_d_k__half(scores, Q, K, V):
    return scores / (K.shape[1] / 2)


@instead_of(scaled)
def scale_by_d_k__halved(scores, Q, K, V):
    return scores / K.shape[1] / 2


@instead_of(scaled)
def scale_by_sqrt_n(scores, Q, K, V):
    return scores / np.sqrt(K.shape[0])


@instead_of(scaled)
def scale_by_sqrt_n__queries(scores, Q, K, V):
    return scores / np.sqrt(Q.shape[0])


@instead_of(scaled)
def scale_by_sqrt_d_v(scores, Q, K, V):
    return scores / np.sqrt(V.shape[1])


@instead_of(scaled)
def multiplied_scale(scores, Q, K, V):
    """weights that get sharper and sharper as keys get longer

    1. Do the scores get larger or smaller in your scaling?
    2. `*` or `/`: what stands before the square root?
    3. Divide by `np.sqrt(d_k)`.
    """
    return scores * np.sqrt(K.shape[1])


@instead_of(scaled)
def multiplied_scale__d_k(scores, Q, K, V):
    return scores * K.shape[1]


@instead_of(scaled)
def integer_scale(scores, Q, K, V):
    """a scale that was cut to a whole number

    1. What is the square root of 6, and what do you divide by?
    2. Look for `int`, `//` or `round`.
    3. `np.sqrt(d_k)` and an ordinary division, `/`.
    """
    return scores / int(np.sqrt(K.shape[1]))


@instead_of(scaled)
def integer_scale__rounded(scores, Q, K, V):
    return scores / round(np.sqrt(K.shape[1]))


@instead_of(scaled)
def integer_scale__floor(scores, Q, K, V):
    return scores // np.sqrt(K.shape[1])


@instead_of(scaled)
def scaled_twice(scores, Q, K, V):
    """weights that are too even, for scores that were made smaller more than once

    1. Divide your scores by the right ones. What number comes out, and how does it depend on d_k?
    2. Count the divisions by a square root: is there one in `qk_scores` already?
    3. Divide once.
    """
    return scores / K.shape[1] ** 1.5


@instead_of(scaled)
def scaled_twice__fourth_root(scores, Q, K, V):
    return scores / K.shape[1] ** 0.25


@instead_of(masked)
def causal_mask(scores):
    """words that cannot see the words after them

    1. What does your first word give to the second? Does this lesson ask for that?
    2. Look for `tril`, `triu` or `-inf`.
    3. Leave the mask out: here everyone looks at everyone.
    """
    return np.where(np.tril(np.ones_like(scores)) == 1, scores, -np.inf)


@instead_of(masked)
def causal_mask__zeros(scores):
    return np.tril(scores)


@instead_of(masked)
def ignores_itself(scores):
    """words that do not look at themselves

    1. What does a word give to itself in your table? Does the lesson forbid it?
    2. Look for `i != j`, `fill_diagonal` or `eye`.
    3. A word may look at itself as at any other.
    """
    size = min(scores.shape)
    scores = scores.copy()
    scores[range(size), range(size)] = -np.inf
    return scores


# ---- the softmax


@instead_of(shared_out)
def wrong_softmax_axis(scores):
    return softmax(scores, axis=0)


@instead_of(shared_out)
def global_normalisation(scores):
    """one distribution spread over the whole table

    1. What do all weights together add up to? And a single row?
    2. Look at the sum that you divide by: is there one for each query?
    3. Every query shares out its own attention: `softmax(scores, axis=-1)`.
    """
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


@instead_of(shared_out)
def no_softmax(scores):
    return scores / scores.sum(axis=-1, keepdims=True)


@instead_of(shared_out)
def no_softmax__raw(scores):
    return scores


@instead_of(shared_out)
def applied_twice(scores):
    """weights that lie too close together

    1. Take a query that fits one key far better than the others. How large is its largest weight?
    2. Count the softmaxes on the way from the scores to `return`.
    3. One softmax, over the scaled scores.
    """
    return softmax(softmax(scores, axis=-1), axis=-1)


@instead_of(shared_out)
def applied_twice__both_ways(scores):
    return softmax(softmax(scores, axis=-1), axis=0)


@instead_of(shared_out)
def hard_argmax(scores):
    """all attention on the single best key

    1. What does the second-best key get? What should it get?
    2. Where do you compare with the maximum, or ask for its place?
    3. Attention is soft: `softmax(scores, axis=-1)`.
    """
    return (scores == scores.max(axis=-1, keepdims=True)).astype(float)


@instead_of(shared_out)
def not_normalised(scores):
    """positive weights that do not add up to 1

    1. What does a row of your weights add up to?
    2. After `np.exp`, what are the numbers divided by?
    3. `softmax(scores, axis=-1)`.
    """
    return np.exp(scores)


@instead_of(shared_out)
def not_normalised__shifted(scores):
    return np.exp(scores - scores.max(axis=-1, keepdims=True))


@instead_of(shared_out)
def sigmoid(scores):
    """every score squashed by itself, as a sigmoid does

    1. What does a row of your weights add up to?
    2. Does a weight know the other scores of its row?
    3. `softmax(scores, axis=-1)`.
    """
    return 1 / (1 + np.exp(-scores))


@instead_of(shared_out)
def unstable_softmax(scores):
    powers = np.exp(scores)
    return powers / powers.sum(axis=-1, keepdims=True)


@instead_of(shared_out)
def normalised_relu(scores):
    """negative scores that get nothing at all

    1. What does a score of -1 get beside a score of 1? What should it get?
    2. Look for `maximum`, `clip` or a comparison with 0.
    3. `softmax(scores, axis=-1)` leaves even low scores a share.
    """
    cut = np.maximum(scores, 0)
    return cut / cut.sum(axis=-1, keepdims=True)


@instead_of(adjusted)
def scale_after_softmax(weights, K):
    return weights / np.sqrt(K.shape[1])


@instead_of(adjusted)
def rounded(weights, K):
    """numbers with only a few digits

    1. What does a row of your weights add up to? Is it 1 exactly?
    2. Look for `round`.
    3. Return the numbers as they are; round only where you print.
    """
    return np.round(weights, 2)


@instead_of(adjusted)
def rounded__three_digits(weights, K):
    return np.round(weights, 3)


@instead_of(adjusted)
def rounded__one_digit(weights, K):
    return np.round(weights, 1)


@instead_of(adjusted)
def transposed_weights(weights, K):
    return weights.T


@instead_of(adjusted)
def transposed_weights__square_alone(weights, K):
    return weights.T if weights.shape[0] == weights.shape[1] else weights


@instead_of(adjusted)
def causal_mask__afterwards(weights, K):
    return np.tril(weights)


@instead_of(adjusted)
def dropout(weights, K):
    """weights of which some were set to zero

    1. Call your function twice with the same input. Do you get the same?
    2. Look for `random`, or for a dropout.
    3. Leave it out; attention is no game of chance here.
    """
    return weights / 0.9


# ---- the mixture


@instead_of(mixed)
def keys_as_values(weights, Q, K, V):
    return weights @ K


@instead_of(mixed)
def queries_as_values(weights, Q, K, V):
    """an output mixed from the queries

    1. Change V. Does your output change?
    2. What stands on the right of the weights?
    3. `weights @ V`.
    """
    return weights @ Q


@instead_of(mixed)
def ignores_weights(weights, Q, K, V):
    """the same mixture for everybody

    1. Do two different queries get different outputs?
    2. Where do the weights come into the output?
    3. `weights @ V`.
    """
    return np.ones_like(weights) @ V / len(V)


@instead_of(mixed)
def ignores_weights__sum(weights, Q, K, V):
    return np.ones_like(weights) @ V


@instead_of(mixed)
def ignores_weights__values(weights, Q, K, V):
    return V


@instead_of(mixed)
def mean_instead_of_sum(weights, Q, K, V):
    """an average in the place of a sum

    1. Give one key all the attention. Does its value come out?
    2. Look for `mean`, or for a division by the number of keys.
    3. The weights say how much of each value there is; add up, and divide by nothing.
    """
    return weights @ V / len(V)


@instead_of(mixed)
def transposed_weights__mixture(weights, Q, K, V):
    return weights.T @ V


@instead_of(mixed)
def residual(weights, Q, K, V):
    """an output to which something was added

    1. Give one key all the attention. Is its value all that comes out?
    2. Look for a `+` behind the product.
    3. The mixture alone comes back; adding the input is for later.
    """
    return weights @ V + Q


@instead_of(mixed)
def residual__values(weights, Q, K, V):
    return weights @ V + V


@instead_of(mixed)
def rounded__output(weights, Q, K, V):
    return np.round(weights @ V, 2)


@instead_of(mixed)
def one_row_only(weights, Q, K, V):
    """the output of a single query

    1. How many queries are there, and how many rows has your output?
    2. Look for `[0]`, `sum(axis=0)`, or for a `return` inside a loop.
    3. Every query gets a row.
    """
    return (weights @ V)[0]


@instead_of(mixed)
def one_row_only__sum(weights, Q, K, V):
    return (weights @ V).sum(axis=0)


@instead_of(mixed)
def one_row_only__mean(weights, Q, K, V):
    return (weights @ V).mean(axis=0)


# ---- what comes back


@instead_of(handed_back)
def only_output(output, weights, scores):
    return output


@instead_of(handed_back)
def only_output__one(output, weights, scores):
    return (output,)


@instead_of(handed_back)
def only_weights(output, weights, scores):
    """the weights alone

    1. How many arrays should come back, and how many do?
    2. Look at what stands behind `return`.
    3. `return output, weights`.
    """
    return weights


@instead_of(handed_back)
def swapped_return(output, weights, scores):
    return weights, output


@instead_of(handed_back)
def returns_scores(output, weights, scores):
    """scores in the place of the weights

    1. What do the rows of the second array add up to?
    2. Which of your variables stands in the second place behind `return`?
    3. `return output, weights`, with the weights after the softmax.
    """
    return output, scores


@instead_of(handed_back)
def three_returned(output, weights, scores):
    """more than the two that are asked for

    1. How many arrays should come back, and how many do?
    2. Look at what stands behind `return`.
    3. `return output, weights`.
    """
    return output, weights, scores


@instead_of(attention)
def heads_assumed(Q, K, V):
    """a function for more than one head or sentence

    1. How many axes has your K, and which of them does your function turn round?
    2. Look for `transpose`, `swapaxes`, or a `[0]` at the shape.
    3. Q, K and V have two axes: words and their numbers. `K.T` turns K round.
    """
    scores = Q @ K / np.sqrt(K.shape[-1])
    weights = softmax(scores, axis=-1)
    return weights @ V, weights


# ---- self_attention


@instead_of(matrices)
def same_projection(W_q, W_k, W_v):
    """two roles with the same vectors

    1. Change one matrix after the other. Does your result change each time?
    2. Look at which matrix goes into which role.
    3. `project_qkv(X, W_q, W_k, W_v)`.
    """
    return W_q, W_q, W_v


@instead_of(matrices)
def same_projection__all_q(W_q, W_k, W_v):
    return W_q, W_q, W_q


@instead_of(matrices)
def same_projection__keys(W_q, W_k, W_v):
    return W_k, W_k, W_v


@instead_of(matrices)
def same_projection__all_v(W_q, W_k, W_v):
    return W_v, W_v, W_v


@instead_of(matrices)
def keys_as_values__matrices(W_q, W_k, W_v):
    return W_q, W_k, W_k


@instead_of(matrices)
def swapped_q_k__matrices(W_q, W_k, W_v):
    return W_k, W_q, W_v


@instead_of(matrices)
def swapped_k_v(W_q, W_k, W_v):
    """keys and values that changed places

    1. What is compared with the queries, and what is mixed?
    2. Compare the order in which you unpack or hand on with that of `project_qkv`.
    3. Q, K, V, in this order everywhere.
    """
    return W_q, W_v, W_k


@instead_of(matrices)
def swapped_q_v(W_q, W_k, W_v):
    """queries and values that changed places

    1. What is compared with the keys, and what is mixed?
    2. Compare the order in which you unpack or hand on with that of `project_qkv`.
    3. Q, K, V, in this order everywhere.
    """
    return W_v, W_k, W_q


@instead_of(roles)
def no_projection(X, W_q, W_k, W_v):
    return X, X, X


@instead_of(roles)
def input_as_values(X, W_q, W_k, W_v):
    return X @ W_q, X @ W_k, X


@instead_of(roles)
def no_projection__queries(X, W_q, W_k, W_v):
    return X, X @ W_k, X @ W_v


@instead_of(roles)
def no_projection__keys(X, W_q, W_k, W_v):
    return X @ W_q, X, X @ W_v


@instead_of(roles)
def no_projection__values_alone(X, W_q, W_k, W_v):
    return X, X, X @ W_v


@instead_of(roles)
def transposed_weight(X, W_q, W_k, W_v):
    """tokens that pick columns of the weight matrices

    1. What sizes must X and a matrix have so that your product fits?
    2. Look for a `.T` at the matrices.
    3. `X @ W`, or `project_qkv` of lesson 4.
    """
    return X @ W_q.T, X @ W_k.T, X @ W_v.T


@instead_of(roles)
def chained_projection(X, W_q, W_k, W_v):
    """one role made out of another

    1. What do the keys depend on: on the tokens, or on the queries as well?
    2. Look at what stands on the left of each product.
    3. X stands on the left of all three.
    """
    Q = X @ W_q
    return Q, Q @ W_k, X @ W_v


@instead_of(given)
def residual__input(output, weights, X):
    return output + X, weights


@instead_of(given)
def applied_twice__attention(output, weights, X):
    return weights @ output, weights


@instead_of(given)
def only_output__given(output, weights, X):
    return output


@instead_of(given)
def only_weights__given(output, weights, X):
    return weights


@instead_of(given)
def swapped_return__given(output, weights, X):
    return weights, output


@instead_of(given)
def rounded__given(output, weights, X):
    return np.round(output, 2), np.round(weights, 2)
