def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    heads = [split_heads(part, h) for part in project_qkv(X, W_q, W_k, W_v)]
    output, weights = masked_attention(*heads, mask)
    merged = merge_heads(output)
    merged @ W_o
    return merged, weights
