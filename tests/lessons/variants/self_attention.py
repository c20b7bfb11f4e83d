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
    weights = kept(again(adjusted(shared_out(masked(scores)), K)))
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


def again(weights):
    return weights


def kept(weights):
    return weights


def mixed(weights, Q, K, V):
    return weights @ V


def handed_back(output, weights, scores):
    return output, weights


def self_attention(X, W_q, W_k, W_v):
    X, W_q, W_k, W_v = (np.asarray(array, dtype=float) for array in (X, W_q, W_k, W_v))
    return given(attention(*weighed(*roles(X, *matrices(W_q, W_k, W_v)), X)), X)


def matrices(W_q, W_k, W_v):
    return W_q, W_k, W_v


def roles(X, W_q, W_k, W_v):
    return project_qkv(X, W_q, W_k, W_v)


def weighed(Q, K, V, X):
    return Q, K, V


def given(found, X):
    return found


# ---- scores


@instead_of(compared)
def cosine_instead_of_dot(Q, K):
    lengths = np.linalg.norm(Q, axis=1)[:, None] * np.linalg.norm(K, axis=1)
    return Q @ K.T / lengths * np.sqrt(K.shape[1])


@instead_of(compared)
def cosine_instead_of_dot__scaled(Q, K):
    return Q @ K.T / (np.linalg.norm(Q, axis=1)[:, None] * np.linalg.norm(K, axis=1))


@instead_of(compared)
def distance(Q, K):
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
    return np.abs(Q @ K.T)


@instead_of(compared)
def unsigned_similarity__squared(Q, K):
    return (Q @ K.T) ** 2


# ---- the scale


@instead_of(scaled)
def missing_scale(scores, Q, K, V):
    return scores


@instead_of(scaled)
def fixed_scale(scores, Q, K, V):
    return scores / np.sqrt(2)


@instead_of(scaled)
def fixed_scale__eight(scores, Q, K, V):
    return scores / 8


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
    return scores / int(np.sqrt(K.shape[1]))


@instead_of(scaled)
def integer_scale__rounded(scores, Q, K, V):
    return scores / round(np.sqrt(K.shape[1]))


@instead_of(scaled)
def integer_scale__floor(scores, Q, K, V):
    return scores // np.sqrt(K.shape[1])


@instead_of(scaled)
def scaled_twice(scores, Q, K, V):
    return scores / K.shape[1] ** 1.5


@instead_of(scaled)
def scaled_twice__fourth_root(scores, Q, K, V):
    return scores / K.shape[1] ** 0.25


@instead_of(masked)
def causal_mask(scores):
    return np.where(np.tril(np.ones_like(scores)) == 1, scores, -np.inf)


@instead_of(masked)
def causal_mask__zeros(scores):
    return np.tril(scores)


@instead_of(masked)
def ignores_itself(scores):
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
    return softmax(softmax(scores, axis=-1), axis=-1)


@instead_of(shared_out)
def applied_twice__both_ways(scores):
    return softmax(softmax(scores, axis=-1), axis=0)


@instead_of(shared_out)
def hard_argmax(scores):
    return (scores == scores.max(axis=-1, keepdims=True)).astype(float)


@instead_of(shared_out)
def not_normalised(scores):
    return np.exp(scores)


@instead_of(shared_out)
def not_normalised__shifted(scores):
    return np.exp(scores - scores.max(axis=-1, keepdims=True))


@instead_of(shared_out)
def sigmoid(scores):
    return 1 / (1 + np.exp(-scores))


@instead_of(shared_out)
def unstable_softmax(scores):
    powers = np.exp(scores)
    return powers / powers.sum(axis=-1, keepdims=True)


@instead_of(shared_out)
def normalised_sigmoid(scores):
    squashed = 1 / (1 + np.exp(-scores))
    return squashed / squashed.sum(axis=-1, keepdims=True)


@instead_of(masked)
def rescaled_scores(scores):
    return (scores - scores.mean(axis=-1, keepdims=True)) / scores.std(axis=-1, keepdims=True)


@instead_of(shared_out)
def normalised_relu(scores):
    cut = np.maximum(scores, 0)
    return cut / cut.sum(axis=-1, keepdims=True)


@instead_of(adjusted)
def scale_after_softmax(weights, K):
    return weights / np.sqrt(K.shape[1])


@instead_of(kept)
def rounded(weights):
    return np.round(weights, 2)


@instead_of(kept)
def rounded__three_digits(weights):
    return np.round(weights, 3)


@instead_of(kept)
def rounded__four_digits(weights):
    return np.round(weights, 4)


@instead_of(kept)
def rounded__whole(weights):
    return np.round(weights)


@instead_of(kept)
def percentages(weights):
    return 100 * weights


@instead_of(again)
def applied_twice__again(weights):
    return softmax(weights, axis=-1)


@instead_of(kept)
def rounded__one_digit(weights):
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


@instead_of(kept)
def dropout(weights):
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
    return np.ones_like(weights) @ V / len(V)


@instead_of(mixed)
def ignores_weights__sum(weights, Q, K, V):
    return np.ones_like(weights) @ V


@instead_of(mixed)
def ignores_weights__values(weights, Q, K, V):
    return V


@instead_of(mixed)
def mean_instead_of_sum(weights, Q, K, V):
    return weights @ V / len(V)


@instead_of(mixed)
def transposed_weights__mixture(weights, Q, K, V):
    return weights.T @ V


@instead_of(mixed)
def residual(weights, Q, K, V):
    return weights @ V + Q


@instead_of(mixed)
def residual__values(weights, Q, K, V):
    return weights @ V + V


@instead_of(mixed)
def rounded__output(weights, Q, K, V):
    return np.round(weights @ V, 2)


@instead_of(mixed)
def one_row_only(weights, Q, K, V):
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


@instead_of(mixed)
def normalised_output(weights, Q, K, V):
    """an output whose rows all have the length 1

    1. Give one key all the attention. Does its value come out?
    2. Look for a division by a length, or for `norm`.
    3. The mixture comes back as it is.
    """
    output = weights @ V
    return output / np.linalg.norm(output, axis=-1, keepdims=True)


@instead_of(mixed)
def leaves_out_last(weights, Q, K, V):
    return weights[:, :-1] @ V[:-1]


@instead_of(mixed)
def leaves_out_first(weights, Q, K, V):
    return weights[:, 1:] @ V[1:]


@instead_of(attention)
def softmax_last(Q, K, V):
    """an output whose rows are shares: softmax came last

    1. Which numbers share out attention, and which are mixed?
    2. Follow the brackets: what stands inside those of `softmax`?
    3. Softmax takes the scaled scores alone; its result is multiplied with V.
    """
    scores = Q @ K.T / np.sqrt(K.shape[1])
    return softmax(scores @ V, axis=-1), softmax(scores, axis=-1)


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
    3. Each of the three matrices makes one role; `project_qkv` takes them in this order.
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
    Q = X @ W_q
    return Q, Q @ W_k, X @ W_v


@instead_of(weighed)
def scale_by_sqrt_d_model(Q, K, V, X):
    return Q * np.sqrt(K.shape[1] / X.shape[1]), K, V


@instead_of(weighed)
def scale_by_sqrt_d_v__given(Q, K, V, X):
    return Q * np.sqrt(K.shape[1] / V.shape[1]), K, V


@instead_of(given)
def residual__input(found, X):
    return found[0] + X, found[1]


@instead_of(given)
def residual__where_it_fits(found, X):
    return (found[0] + X if found[0].shape == X.shape else found[0]), found[1]


@instead_of(given)
def applied_twice__attention(found, X):
    return found[1] @ found[0], found[1]


@instead_of(given)
def only_output__given(found, X):
    return found[0]


@instead_of(given)
def only_weights__given(found, X):
    return found[1]


@instead_of(given)
def swapped_return__given(found, X):
    return found[1], found[0]


@instead_of(given)
def rounded__given(found, X):
    return tuple(np.round(part, 2) for part in found)
