import numpy as np
from masking import masked_attention
from qkv import project_qkv


def split_heads(X, h):
    n, d = X.shape
    return X.reshape(h, n, d // h)


def merge_heads(H):
    return np.array([np.concatenate([head[i] for head in H]) for i in range(len(H[0]))])


def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    heads = [split_heads(part, h) for part in project_qkv(X, W_q, W_k, W_v)]
    output, weights = masked_attention(*heads, mask)
    return merge_heads(output) @ W_o, weights
