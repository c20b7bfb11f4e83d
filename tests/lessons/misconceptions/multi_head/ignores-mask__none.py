def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    Q, K, V = (split_heads(part, h) for part in project_qkv(X, W_q, W_k, W_v))
    output, weights = masked_attention(Q, K, V, None)
    return merge_heads(output) @ np.asarray(W_o, dtype=float), weights
