import numpy as np
from masking import masked_attention


def split_heads(X, h):
    return np.stack(np.hsplit(np.asarray(X), h))


def merge_heads(H):
    return np.concatenate([*H], axis=1)


def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    # heads of the matrices in the place of heads of Q, K and V
    Q, K, V = (np.asarray(X) @ split_heads(W, h) for W in (W_q, W_k, W_v))
    output, weights = masked_attention(Q, K, V, mask)
    return merge_heads(output) @ W_o, weights
