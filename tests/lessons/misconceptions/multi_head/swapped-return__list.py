def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    Q, K, V = (split_heads(part, h) for part in project_qkv(X, W_q, W_k, W_v))
    output, weights = masked_attention(Q, K, V, mask)
    return [weights, merge_heads(output) @ W_o]
