"""Lesson 4 in steps, and what people put in the place of each."""

import numpy as np

from grader.testing import instead_of


def project_qkv(X, W_q, W_k, W_v):
    X = np.asarray(X, dtype=float)
    kind = np.result_type(X, W_q)
    W_q, W_k, W_v = matrices(*(np.asarray(W, dtype=float) for W in (W_q, W_k, W_v)))
    return handed_back(*(finished(role, kind) for role in roles(X, W_q, W_k, W_v)))


def matrices(W_q, W_k, W_v):
    return W_q, W_k, W_v


def roles(X, W_q, W_k, W_v):
    return projected(X, W_q), projected(X, W_k), projected(X, W_v)


def projected(X, W):
    return X @ W


def finished(role, kind):
    return role


def handed_back(Q, K, V):
    return Q, K, V


def qk_scores(Q, K):
    kind = np.asarray(Q).dtype
    return scores(compared(np.asarray(Q, dtype=float), np.asarray(K, dtype=float)), Q, kind)


def compared(Q, K):
    return Q @ K.T


def scores(found, Q, kind):
    return found


# ---- project_qkv: which matrix


@instead_of(matrices)
def same_projection(W_q, W_k, W_v):
    return W_q, W_q, W_v


@instead_of(matrices)
def same_projection__all_q(W_q, W_k, W_v):
    return W_q, W_q, W_q


@instead_of(matrices)
def same_projection__all_k(W_q, W_k, W_v):
    return W_k, W_k, W_k


@instead_of(matrices)
def same_projection__all_v(W_q, W_k, W_v):
    return W_v, W_v, W_v


@instead_of(matrices)
def same_projection__k_twice(W_q, W_k, W_v):
    return W_q, W_k, W_k


@instead_of(matrices)
def same_projection__k_first(W_q, W_k, W_v):
    return W_k, W_k, W_v


@instead_of(matrices)
def same_projection__q_last(W_q, W_k, W_v):
    return W_q, W_k, W_q


@instead_of(matrices)
def same_projection__v_twice(W_q, W_k, W_v):
    return W_q, W_v, W_v


@instead_of(matrices)
def swapped_q_k(W_q, W_k, W_v):
    return W_k, W_q, W_v


@instead_of(matrices)
def swapped_k_v(W_q, W_k, W_v):
    return W_q, W_v, W_k


@instead_of(matrices)
def swapped_q_v(W_q, W_k, W_v):
    """queries and values that changed places

    1. Which of the three has the width of the values?
    2. Follow `W_q` through your function: where does what it makes come out?
    3. Queries first, then keys, then values.
    """
    return W_v, W_k, W_q


@instead_of(matrices)
def rotated_roles(W_q, W_k, W_v):
    """three roles of which each has the name of another

    1. Hand in three matrices that are easy to tell apart. In which order do the results come?
    2. Follow each of the three through your function.
    3. Queries first, then keys, then values.
    """
    return W_k, W_v, W_q


@instead_of(matrices)
def rotated_roles__back(W_q, W_k, W_v):
    return W_v, W_q, W_k


# ---- project_qkv: from what


@instead_of(roles)
def chained_projection(X, W_q, W_k, W_v):
    """one role made out of another

    1. What do the keys depend on: on the tokens, or on the queries as well?
    2. Look at what stands on the left of each product.
    3. X stands on the left of all three.
    """
    Q = X @ W_q
    return Q, Q @ W_k, X @ W_v


@instead_of(roles)
def chained_projection__all(X, W_q, W_k, W_v):
    Q = X @ W_q
    K = Q @ W_k
    return Q, K, K @ W_v


@instead_of(roles)
def chained_projection__values(X, W_q, W_k, W_v):
    K = X @ W_k
    return X @ W_q, K, K @ W_v


@instead_of(roles)
def chained_projection__values_of_queries(X, W_q, W_k, W_v):
    Q = X @ W_q
    return Q, X @ W_k, Q @ W_v


@instead_of(roles)
def input_as_values(X, W_q, W_k, W_v):
    """values that are the tokens themselves

    1. Change `W_v`. Do your values change?
    2. Where does `W_v` come in?
    3. Values are projected as queries and keys are, with a matrix of their own.
    """
    return X @ W_q, X @ W_k, X


@instead_of(roles)
def input_as_values__keys(X, W_q, W_k, W_v):
    return X @ W_q, X, X @ W_v


@instead_of(roles)
def input_as_values__queries(X, W_q, W_k, W_v):
    return X, X @ W_k, X @ W_v


@instead_of(roles)
def no_projection(X, W_q, W_k, W_v):
    """the tokens themselves, three times

    1. Change the three matrices. Does anything in your result change?
    2. Where do the matrices come in?
    3. Each role is `X @ W` with a matrix of its own.
    """
    return X, X, X


@instead_of(projected)
def transposed_weight(X, W):
    return X @ W.T


@instead_of(projected)
def weights_on_left(X, W):
    return W @ X


@instead_of(projected)
def weights_on_left__columns(X, W):
    return W.T @ X


@instead_of(projected)
def weights_on_left__turned(X, W):
    return W @ X.T


@instead_of(projected)
def tokens_as_columns(X, W):
    """words that stand in columns

    1. How many words are there, and how many rows has your Q?
    2. Look for `.T`: what lies on its side in the result?
    3. Words are rows, before and after: `X @ W`.
    """
    return W.T @ X.T


@instead_of(projected)
def elementwise_product__projected(X, W):
    return X * W


@instead_of(projected)
def one_row_only(X, W):
    """the vectors of a single word

    1. How many words are there, and how many rows come back?
    2. Look for `[0]`, or for a `return` inside a loop.
    3. Every row of X is projected: `X @ W`.
    """
    return (X @ W)[0]


@instead_of(projected)
def one_row_only__kept(X, W):
    return (X @ W)[:1]


@instead_of(projected)
def one_row_only__last(X, W):
    return (X @ W)[-1]


@instead_of(projected)
def one_row_only__sum(X, W):
    return (X @ W).sum(axis=0)


@instead_of(projected)
def leaves_out_last(X, W):
    """all words but the last

    1. How many words are there, and how many rows come back?
    2. Look at the `range` of the loop, or at the slice.
    3. `range(n)` goes from 0 to n - 1, which is the last word already.
    """
    return (X @ W)[:-1]


@instead_of(projected)
def adds_a_bias(X, W):
    """vectors to which something was added

    1. Take your vectors off the right ones. What is left?
    2. Look for a `+`.
    3. Here a projection is a product and nothing more.
    """
    return X @ W + 1


@instead_of(projected)
def normalised_projection(X, W):
    """vectors that all have the length 1

    1. Make the words twice as long. Do your queries get longer?
    2. Look for a division by a length.
    3. A projection is a product and nothing more.
    """
    found = X @ W
    return found / np.linalg.norm(found, axis=-1, keepdims=True)


@instead_of(finished)
def integer_buffer__projected(role, kind):
    return role.astype(int).astype(float)


@instead_of(finished)
def rounded(role, kind):
    """numbers with only a few digits

    1. If another function goes on computing with these numbers, how many digits does it need?
    2. Look for `round`.
    3. Return the numbers as they are; round only where you print.
    """
    return np.round(role, 2)


@instead_of(finished)
def rounded__whole(role, kind):
    return np.round(role)


@instead_of(finished)
def rounded__one_digit(role, kind):
    return np.round(role, 1)


@instead_of(handed_back)
def scaled_too_early__queries(Q, K, V):
    return Q / np.sqrt(Q.shape[-1]), K, V


@instead_of(handed_back)
def scaled_too_early__keys(Q, K, V):
    return Q, K / np.sqrt(K.shape[-1]), V


@instead_of(handed_back)
def scaled_too_early__both(Q, K, V):
    return Q / np.sqrt(Q.shape[-1]), K / np.sqrt(K.shape[-1]), V


@instead_of(handed_back)
def stacked(Q, K, V):
    """one array in the place of three

    1. Can Q, K and V stand in one array when the values have another width?
    2. Look for `np.array`, `stack` or `concatenate` at the `return`.
    3. `return Q, K, V`.
    """
    return np.array([Q, K, V])


@instead_of(handed_back)
def stacked__beside(Q, K, V):
    return np.hstack([Q, K, V])


@instead_of(handed_back)
def only_queries(Q, K, V):
    """fewer arrays than there are roles

    1. How many arrays should come back, and how many do?
    2. Look at what stands behind `return`.
    3. `return Q, K, V`.
    """
    return Q


@instead_of(handed_back)
def only_queries__values(Q, K, V):
    return V


@instead_of(handed_back)
def only_queries__two(Q, K, V):
    return Q, K


@instead_of(handed_back)
def only_queries__scores(Q, K, V):
    return Q @ K.T


# ---- qk_scores


@instead_of(compared)
def transposed_scores(Q, K):
    return K @ Q.T


@instead_of(compared)
def elementwise_product(Q, K):
    return Q * K


@instead_of(compared)
def elementwise_product__summed(Q, K):
    return (Q * K).sum(axis=1)


@instead_of(compared)
def missing_transpose(Q, K):
    """a product that fits by luck alone

    1. Write the two shapes side by side: (n_q, d_k) and (n_k, d_k). Do the inner sizes agree?
    2. Which of the two arrays has to be turned round?
    3. `Q @ K.T`.
    """
    return Q @ K


@instead_of(compared)
def tokens_as_columns__scores(Q, K):
    return Q.T @ K


@instead_of(compared)
def tokens_as_columns__scores_turned(Q, K):
    return K.T @ Q


@instead_of(compared)
def cosine_instead_of_dot(Q, K):
    """cosines, which no length can change

    1. Make one query ten times as long. Does its row change?
    2. Look for a division by lengths, or for `norm`.
    3. Scores are plain dot products here.
    """
    lengths = np.linalg.norm(Q, axis=1)[:, None] * np.linalg.norm(K, axis=1)
    return Q @ K.T / lengths


@instead_of(compared)
def distance(Q, K):
    """distances, which are small where vectors are alike

    1. What comes out where a query and a key are the same vector?
    2. Look for a difference of the two.
    3. Multiply number by number and add up: a dot product for each pair.
    """
    return np.linalg.norm(Q[:, None] - K[None], axis=-1)


@instead_of(compared)
def distance__squared(Q, K):
    return ((Q[:, None] - K[None]) ** 2).sum(axis=-1)


@instead_of(compared)
def ignores_keys(Q, K):
    """queries compared with queries

    1. Change the keys. Do your scores change?
    2. What stands on both sides of the product?
    3. `Q @ K.T`.
    """
    return Q @ Q.T


@instead_of(compared)
def ignores_keys__queries(Q, K):
    return K @ K.T


@instead_of(compared)
def square_only(Q, K):
    """as many columns as there are queries, however many keys there are

    1. Take two queries and five keys. How many columns should come out?
    2. Look at the ranges of both loops, or at the shape of the buffer: whose size is it?
    3. There is a row for each query and a column for each key.
    """
    out = np.zeros((len(Q), len(Q)))
    for i in range(len(Q)):
        for j in range(len(Q)):
            out[i, j] = Q[i] @ K[j]
    return out


@instead_of(compared)
def square_only__half_filled(Q, K):
    out = np.zeros((len(Q), len(K)))
    n = min(len(Q), len(K))
    out[:, :n] = Q @ K[:n].T
    return out


@instead_of(compared)
def square_only__diagonal(Q, K):
    n = min(len(Q), len(K))
    return np.diag(Q[:n] @ K[:n].T)


@instead_of(scores)
def scaled_too_early(found, Q, kind):
    return found / np.sqrt(np.shape(Q)[1])


@instead_of(scores)
def scaled_too_early__by_d(found, Q, kind):
    return found / np.shape(Q)[1]


@instead_of(scores)
def scaled_too_early__count(found, Q, kind):
    return found / np.sqrt(len(found))


@instead_of(scores)
def softmaxed_scores(found, Q, kind):
    powers = np.exp(found - found.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@instead_of(scores)
def softmaxed_scores__columns(found, Q, kind):
    powers = np.exp(found - found.max(axis=0, keepdims=True))
    return powers / powers.sum(axis=0, keepdims=True)


@instead_of(scores)
def softmaxed_scores__scaled(found, Q, kind):
    found = found / np.sqrt(np.shape(Q)[1])
    powers = np.exp(found - found.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@instead_of(scores)
def softmaxed_scores__plain(found, Q, kind):
    return found / found.sum(axis=-1, keepdims=True)


@instead_of(scores)
def unsigned_similarity(found, Q, kind):
    """scores that have lost their sign

    1. What should come out for a query and a key that point in opposite directions?
    2. Look for `abs`, or for a square.
    3. Keep the sign.
    """
    return np.abs(found)


@instead_of(scores)
def unsigned_similarity__squared(found, Q, kind):
    return found**2


@instead_of(scores)
def negated(found, Q, kind):
    """scores with the wrong sign

    1. What comes out where a query and a key are the same vector? Is it positive?
    2. Look for a minus sign.
    3. Return the scores without it.
    """
    return -found


@instead_of(scores)
def negative_cut_off(found, Q, kind):
    """scores that never fall below zero

    1. What should come out for a query and a key that point in opposite directions?
    2. Look for `max`, `clip` or a comparison with 0.
    3. Return the scores as they are.
    """
    return np.maximum(found, 0)


@instead_of(scores)
def integer_buffer(found, Q, kind):
    """numbers whose decimals were cut off

    1. What dtype is the array that you write into when the queries are whole numbers?
    2. `zeros_like`, `empty_like` and `dtype=Q.dtype` take over the dtype of Q.
    3. Write into an array of floats, `np.zeros((n_q, n_k))`.
    """
    return found.astype(kind).astype(float)


@instead_of(scores)
def integer_buffer__always(found, Q, kind):
    return found.astype(int).astype(float)


@instead_of(scores)
def rounded__scores(found, Q, kind):
    return np.round(found, 2)


@instead_of(scores)
def rounded__scores_whole(found, Q, kind):
    return np.round(found)


@instead_of(scores)
def causal_mask(found, Q, kind):
    """queries that cannot see the keys after them

    1. What does the first query give to the second key? Does this lesson ask for that?
    2. Look for `tril`, `triu` or `-inf`.
    3. Leave the mask out: every query is compared with every key.
    """
    return np.where(np.tril(np.ones_like(found)) == 1, found, -np.inf)


@instead_of(scores)
def causal_mask__zeros(found, Q, kind):
    return np.tril(found)


@instead_of(scores)
def best_only(found, Q, kind):
    """one number for each query

    1. How many keys are there, and how many numbers has a row?
    2. Look for `max` or `sum`.
    3. Every pair of a query and a key has a score of its own.
    """
    return found.max(axis=-1)


@instead_of(scores)
def best_only__sum(found, Q, kind):
    return found.sum(axis=-1)
