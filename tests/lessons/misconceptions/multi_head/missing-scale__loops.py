def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    Q, K, V = (split_heads(part, h) for part in project_qkv(X, W_q, W_k, W_v))
    masks = np.broadcast_to(True if mask is None else mask, (h, len(X), len(X)))
    weights = []
    for q, k, may in zip(Q, K, masks):
        scores = np.where(may, q @ k.T, -np.inf)
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        weights.append(e / e.sum(axis=1, keepdims=True))
    return merge_heads(np.array(weights) @ V) @ W_o, np.array(weights)
