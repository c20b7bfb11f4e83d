"""What wrong values of lesson 8 show."""

import numpy as np

from grader.testing import evidence_of


@evidence_of("split_heads")
def axes_in_another_order(got, due, X, h):
    """heads, tokens and their numbers in another order than (h, n, d/h)"""
    orders = [(0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
    return any(is_close(got, np.transpose(due, axes)) for axes in orders)


@evidence_of("merge_heads")
def added_up(got, due, H):
    """heads that are added up, or averaged, where they should lie side by side"""
    return any(is_close(got, it) for it in (H.sum(axis=0), H.mean(axis=0)))


@evidence_of("merge_heads")
def one_below_the_other(got, due, H):
    """the tokens of one head below those of another, where they should lie side by side"""
    return is_close(got, np.concatenate(list(H), axis=0))


@evidence_of("multi_head_attention")
def one_matrix(got, due, X, W_q, W_k, W_v, W_o, h, mask=None):
    """one attention matrix where each head should have its own"""
    if np.shape(got[1]) == (len(X), len(X)):
        return True
    whole = shares(X @ W_q @ (X @ W_k).T / np.sqrt(X.shape[1]), mask)
    return is_close(got[1], np.broadcast_to(whole, np.shape(got[1])))


@evidence_of("multi_head_attention")
def without_roles(got, due, X, W_q, W_k, W_v, W_o, h, mask=None):
    """heads that look by the tokens themselves, and not by queries and keys"""
    heads = np.swapaxes(X.reshape(len(X), h, -1), 0, 1)
    scores = heads @ np.swapaxes(heads, 1, 2) / np.sqrt(heads.shape[-1])
    return is_close(got[1], shares(scores, mask))


def shares(scores, mask):
    """A softmax of what the mask leaves of each row."""
    scores = scores if mask is None else np.where(mask, scores, -np.inf)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def is_close(got, other):
    """Whether numbers agree up to rounding."""
    return np.shape(got) == other.shape and np.allclose(got, other, rtol=1e-6, atol=1e-8)
