def split_heads(X, h):
    width = len(X[0]) // h
    return [[list(row[k * width : (k + 1) * width]) for row in X] for k in range(h)]

def merge_heads(H):
    return [[number for head in H for number in head[i]] for i in range(len(H[0]))]

def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    Q, K, V = (np.array(split_heads(part, h)) for part in project_qkv(X, W_q, W_k, W_v))
    masks = [None] * h if mask is None else np.broadcast_to(mask, (h, len(X), len(X)))
    pairs = [masked_attention(q, k, v, may) for q, k, v, may in zip(Q, K, V, masks)]
    merged = np.array(merge_heads([output for output, _ in pairs]))
    return [merged @ W_o, [weights for _, weights in pairs]]
