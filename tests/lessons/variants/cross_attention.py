"""Lesson 11 in steps, and what people put in the place of each."""

import numpy as np
from softmax import softmax

from grader.testing import instead_of


def cross_attention(X, Y, W_q, W_k, W_v):
    X, Y, W_q, W_k, W_v = (np.asarray(array, dtype=float) for array in (X, Y, W_q, W_k, W_v))
    W_q, W_k, W_v = matrices(W_q, W_k, W_v)
    Q, K, V = roles(X, Y, W_q, W_k, W_v)
    weights = kept(adjusted(shared_out(masked(scaled(compared(Q, K), X, K, V))), K))
    return handed_back(mixed(weights, K, V, X), weights)


def matrices(W_q, W_k, W_v):
    return W_q, W_k, W_v


def roles(X, Y, W_q, W_k, W_v):
    return X @ W_q, Y @ W_k, Y @ W_v


def compared(Q, K):
    return Q @ K.T


def scaled(scores, X, K, V):
    return scores / np.sqrt(K.shape[1])


def masked(scores):
    return scores


def shared_out(scores):
    return softmax(scores, axis=-1)


def adjusted(weights, K):
    return weights


def kept(weights):
    return weights


def mixed(weights, K, V, X):
    return weights @ V


def handed_back(output, weights):
    return output, weights


# ---- who asks whom


@instead_of(roles)
def keys_from_x(X, Y, W_q, W_k, W_v):
    return X @ W_q, X @ W_k, Y @ W_v


@instead_of(roles)
def values_from_x(X, Y, W_q, W_k, W_v):
    return X @ W_q, Y @ W_k, X @ W_v


@instead_of(roles)
def ignores_y(X, Y, W_q, W_k, W_v):
    return X @ W_q, X @ W_k, X @ W_v


@instead_of(roles)
def queries_from_y(X, Y, W_q, W_k, W_v):
    return Y @ W_q, Y @ W_k, Y @ W_v


@instead_of(roles)
def swapped_sentences(X, Y, W_q, W_k, W_v):
    return Y @ W_q, X @ W_k, X @ W_v


@instead_of(roles)
def glued_sentences(X, Y, W_q, W_k, W_v):
    """words of X that are looked at, too

    1. How many columns do your weights have, and how many words has Y?
    2. Look for `concatenate`, `vstack` or `append`.
    3. The words of X only look: keys and values are made from Y alone.
    """
    both = np.vstack([X, Y])
    return X @ W_q, both @ W_k, both @ W_v


@instead_of(roles)
def input_as_values(X, Y, W_q, W_k, W_v):
    """words that are mixed as they are

    1. Change W_v. Does your output change?
    2. What stands on the right of the weights?
    3. The values are Y times W_v.
    """
    return X @ W_q, Y @ W_k, Y


@instead_of(matrices)
def swapped_k_v(W_q, W_k, W_v):
    return W_q, W_v, W_k


@instead_of(matrices)
def swapped_q_k(W_q, W_k, W_v):
    """queries and keys that changed places

    1. Change W_q. What changes: how words of X ask, or how words of Y are found?
    2. Compare the order in which the matrices come in with the order in which you use them.
    3. W_q belongs to X; the other two belong to Y.
    """
    return W_k, W_q, W_v


@instead_of(matrices)
def same_projection(W_q, W_k, W_v):
    """two roles made by one matrix

    1. Change one matrix after the other. Does your result change each time?
    2. Look at which matrix goes into which role.
    3. Each of the three matrices makes one role.
    """
    return W_q, W_q, W_v


@instead_of(matrices)
def same_projection__keys(W_q, W_k, W_v):
    return W_k, W_k, W_v


# ---- scores and shares


@instead_of(compared)
def cosine_instead_of_dot(Q, K):
    lengths = np.linalg.norm(Q, axis=1)[:, None] * np.linalg.norm(K, axis=1)
    return Q @ K.T / lengths * np.sqrt(K.shape[1])


@instead_of(compared)
def transposed_scores(Q, K):
    """scores that were turned round

    1. X looks. How many rows do your weights have, and how many words has X?
    2. Which of queries and keys stands on the left of the product?
    3. Queries stand on the left, so that their words are the rows.
    """
    return K @ Q.T


@instead_of(compared)
def negated(Q, K):
    return -(Q @ K.T)


@instead_of(scaled)
def missing_scale(scores, X, K, V):
    return scores


@instead_of(scaled)
def scale_by_d_k(scores, X, K, V):
    """weights that get flatter and flatter as keys get longer

    1. Make queries and keys four times as long with zeros. Are the scores halved, or quartered?
    2. Is there a root on the way from d_k to your division?
    3. `np.sqrt` belongs around d_k.
    """
    return scores / K.shape[1]


@instead_of(scaled)
def scale_by_sqrt_d_model(scores, X, K, V):
    return scores / np.sqrt(X.shape[1])


@instead_of(scaled)
def scale_by_sqrt_n(scores, X, K, V):
    """weights that depend on how long the sentences are

    1. Append one more word to Y. Should that change the score of the others?
    2. A shape holds two numbers. Which one is how many rows there are?
    3. The d_k below the root is a number of columns.
    """
    return scores / np.sqrt(K.shape[0])


@instead_of(scaled)
def multiplied_scale(scores, X, K, V):
    """weights that get sharper and sharper as keys get longer

    1. Do the scores get larger or smaller in your scaling?
    2. `*` or `/`: what stands before the square root?
    3. Divide by `np.sqrt(d_k)`.
    """
    return scores * np.sqrt(K.shape[1])


@instead_of(scaled)
def scaled_twice(scores, X, K, V):
    return scores / K.shape[1] ** 1.5


@instead_of(masked)
def causal_mask(scores):
    return np.where(np.tril(np.ones_like(scores)) == 1, scores, -np.inf)


@instead_of(shared_out)
def wrong_softmax_axis(scores):
    return softmax(scores, axis=0)


@instead_of(shared_out)
def global_normalisation(scores):
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


@instead_of(shared_out)
def no_softmax(scores):
    """scores that were never made into shares

    1. Are all of your weights positive, and what do they sum to in each row?
    2. What happens to the scores before they are multiplied with the values?
    3. A softmax along each row comes between the scores and the mixture.
    """
    return scores


@instead_of(shared_out)
def applied_twice(scores):
    return softmax(softmax(scores, axis=-1), axis=-1)


@instead_of(shared_out)
def hard_argmax(scores):
    return (scores == scores.max(axis=-1, keepdims=True)).astype(float)


@instead_of(shared_out)
def not_normalised(scores):
    return np.exp(scores - scores.max(axis=-1, keepdims=True))


@instead_of(adjusted)
def scale_after_softmax(weights, K):
    """weights that no longer sum to 1

    1. What do your rows sum to, and do you know that number?
    2. What happens to the weights after the softmax?
    3. Scaling comes before the softmax, and nothing after it.
    """
    return weights / np.sqrt(K.shape[1])


@instead_of(kept)
def rounded(weights):
    return np.round(weights, 2)


@instead_of(kept)
def percentages(weights):
    return 100 * weights


# ---- the mixture, and what comes back


@instead_of(mixed)
def keys_as_values(weights, K, V, X):
    """an output mixed from the keys

    1. Change W_v. Does your output change?
    2. What stands on the right of the weights?
    3. The weights mix the values.
    """
    return weights @ K


@instead_of(mixed)
def residual(weights, K, V, X):
    return weights @ V + X if X.shape[1] == V.shape[1] else weights @ V


@instead_of(mixed)
def ignores_weights(weights, K, V, X):
    return np.ones_like(weights) @ V / len(V)


@instead_of(handed_back)
def swapped_return(output, weights):
    return weights, output


@instead_of(handed_back)
def only_output(output, weights):
    return output


@instead_of(handed_back)
def transposed_weights(output, weights):
    """attention weights that were turned round

    1. Weights have one row for each word of X. How many rows do yours have?
    2. Look for a `.T` on the weights.
    3. Return them just as softmax gave them.
    """
    return output, weights.T
