"""What wrong values of lesson 7 show."""

import numpy as np

from grader.testing import evidence_of


@evidence_of("masked_attention")
def added_to_the_scores(got, due, Q, K, V, mask=None):
    """a mask that is added to the scores, where True counts as 1"""
    return mask is not None and is_close(got[1], softmax(scores_of(Q, K) + mask))


@evidence_of("masked_attention")
def looks_at_what_is_masked(got, due, Q, K, V, mask=None):
    """attention to exactly what is masked"""
    if mask is None:
        return False
    seen = np.broadcast_to(mask, np.shape(got[1]))
    return bool((np.asarray(got[1])[seen & ~seen.all(axis=-1, keepdims=True)] == 0).all())


@evidence_of("masked_attention")
def always_causal(got, due, Q, K, V, mask=None):
    """queries that see nothing behind their own place, whatever the mask says"""
    scores = scores_of(Q, K)
    back = np.where(np.tri(*scores.shape[-2:], dtype=bool), scores, -np.inf)
    both = back if mask is None else np.where(mask, back, -np.inf)
    return is_close(got[1], softmax(back)) or is_close(got[1], softmax(both))


@evidence_of("masked_attention")
def columns_share(got, due, Q, K, V, mask=None):
    """a softmax that ran down the columns"""
    weights = softmax(scores_of(Q, K), axis=-2)
    if mask is None:
        return is_close(got[1], weights)
    masked = softmax(np.where(mask, scores_of(Q, K), -np.inf), axis=-2)
    return is_close(got[1], weights * mask) or is_close(got[1], masked)


def scores_of(Q, K):
    """Dot products divided by the root of the width."""
    return Q @ np.swapaxes(K, -1, -2) / np.sqrt(K.shape[-1])


def softmax(scores, axis=-1):
    """Shares along an axis."""
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def is_close(got, other):
    """Whether numbers agree up to rounding."""
    return np.shape(got) == other.shape and np.allclose(got, other, rtol=1e-6, atol=1e-8)
