"""Lesson 4 in steps, and what people put in the place of each."""

import numpy as np

from grader.testing import instead_of


def project_qkv(X, W_q, W_k, W_v):
    kind = np.asarray(X).dtype
    X = np.asarray(X, dtype=float)
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
    found = compared(np.asarray(Q, dtype=float), np.asarray(K, dtype=float))
    return returned(shared_out(placed(signed(scaled(found, Q)))), kind)


def compared(Q, K):
    return Q @ K.T


def scaled(found, Q):
    return found


def signed(found):
    return found


def placed(found):
    return found


def shared_out(found):
    return found


def returned(found, kind):
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
    return W.T @ X.T


@instead_of(projected)
def elementwise_product__projected(X, W):
    return X * W


@instead_of(projected)
def one_row_only(X, W):
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
    return (X @ W)[:-1]


@instead_of(projected)
def leaves_out_last_feature(X, W):
    """vectors that the last feature cannot change

    1. Change the last number of every word. Does anything change?
    2. Look at the `range` of the innermost loop, or at a slice.
    3. The sum goes over all d_model features.
    """
    return X[:, :-1] @ W[:-1]


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
    return np.round(role, 2)


@instead_of(finished)
def rounded__whole(role, kind):
    return np.round(role)


@instead_of(finished)
def rounded__one_digit(role, kind):
    return np.round(role, 1)


@instead_of(finished)
def negative_cut_off__projected(role, kind):
    return np.maximum(role, 0)


@instead_of(finished)
def integer_buffer__of_words(role, kind):
    return role.astype(kind).astype(float)


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
    """a product that fits only where there are as many keys as numbers in a key

    1. Write the two shapes side by side: (n_q, d_k) and (n_k, d_k). Do the inner sizes agree?
    2. Which of the two arrays has to be turned round?
    3. Turn the keys round, so that both shapes have d_k inside.
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
    lengths = np.linalg.norm(Q, axis=1)[:, None] * np.linalg.norm(K, axis=1)
    return Q @ K.T / lengths


@instead_of(compared)
def distance(Q, K):
    return np.linalg.norm(Q[:, None] - K[None], axis=-1)


@instead_of(compared)
def distance__squared(Q, K):
    return ((Q[:, None] - K[None]) ** 2).sum(axis=-1)


@instead_of(compared)
def square_only__round(Q, K):
    n = len(Q)
    return np.array([[Q[i] @ K[j % len(K)] for j in range(n)] for i in range(n)])


@instead_of(compared)
def ignores_keys(Q, K):
    return Q @ Q.T


@instead_of(compared)
def ignores_keys__queries(Q, K):
    return K @ K.T


@instead_of(compared)
def square_only(Q, K):
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


@instead_of(scaled)
def scaled_too_early(found, Q):
    return found / np.sqrt(np.shape(Q)[1])


@instead_of(scaled)
def scaled_too_early__by_d(found, Q):
    return found / np.shape(Q)[1]


@instead_of(scaled)
def scaled_too_early__count(found, Q):
    return found / np.sqrt(len(found))


@instead_of(shared_out)
def softmaxed_scores(found):
    powers = np.exp(found - found.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@instead_of(shared_out)
def softmaxed_scores__columns(found):
    powers = np.exp(found - found.max(axis=0, keepdims=True))
    return powers / powers.sum(axis=0, keepdims=True)


@instead_of(shared_out)
def softmaxed_scores__plain(found):
    return found / found.sum(axis=-1, keepdims=True)


@instead_of(placed)
def leaves_out_last__keys(found):
    return found[:, :-1]


@instead_of(placed)
def leaves_out_last__queries(found):
    return found[:-1]


@instead_of(placed)
def leaves_out_first(found):
    return found[:, 1:]


@instead_of(placed)
def ignores_itself(found):
    n = min(found.shape)
    found = found.copy()
    found[range(n), range(n)] = 0
    return found


@instead_of(placed)
def square_only__diagonal_filled(found):
    return np.where(np.eye(*found.shape) == 1, found, 0)


@instead_of(signed)
def unsigned_similarity(found):
    return np.abs(found)


@instead_of(signed)
def unsigned_similarity__squared(found):
    return found**2


@instead_of(signed)
def negated(found):
    return -found


@instead_of(signed)
def negative_cut_off(found):
    return np.maximum(found, 0)


@instead_of(returned)
def integer_buffer(found, kind):
    return found.astype(kind).astype(float)


@instead_of(returned)
def integer_buffer__always(found, kind):
    return found.astype(int).astype(float)


@instead_of(returned)
def rounded__scores(found, kind):
    return np.round(found, 2)


@instead_of(returned)
def rounded__scores_whole(found, kind):
    return np.round(found)


@instead_of(placed)
def causal_mask(found):
    return np.where(np.tril(np.ones_like(found)) == 1, found, -np.inf)


@instead_of(placed)
def causal_mask__zeros(found):
    return np.tril(found)


@instead_of(placed)
def best_only(found):
    return found.max(axis=-1)


@instead_of(placed)
def best_only__sum(found):
    return found.sum(axis=-1)
