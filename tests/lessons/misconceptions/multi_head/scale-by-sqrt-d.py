"""weights that get too flat as heads get more

1. Make the model twice as wide, with as many heads of zeros more. Should the old heads change?
2. How many numbers has a query of one head? By the root of which number are its scores made
   smaller?
3. The width of one head counts, d/h, which is the last axis of Q.
"""


def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    Q, K, V = (split_heads(part, h) for part in project_qkv(X, W_q, W_k, W_v))
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(np.shape(X)[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)
    return merge_heads(weights @ V) @ W_o, weights
