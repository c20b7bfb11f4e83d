"""shares that all heads have to share

1. What does a row of one head add up to, and what do all heads together?
2. Over which axes does your softmax add up?
3. Each head is on its own: softmax goes along the last axis, and along no other.
"""


def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    Q, K, V = (split_heads(part, h) for part in project_qkv(X, W_q, W_k, W_v))
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    e = np.exp(scores - scores.max(axis=(0, -1), keepdims=True))
    weights = e / e.sum(axis=(0, -1), keepdims=True)
    return merge_heads(weights @ V) @ W_o, weights
