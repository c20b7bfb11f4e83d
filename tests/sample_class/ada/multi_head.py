import numpy as np
from masking import masked_attention
from qkv import project_qkv


def split_heads(X, h):
    n, d = X.shape
    return X.reshape(n, h, d // h).transpose(1, 0, 2)


def merge_heads(H):
    return np.hstack(list(H))


def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    output, weights = masked_attention(split_heads(Q, h), split_heads(K, h), split_heads(V, h), mask)
    return merge_heads(output) @ W_o, weights
