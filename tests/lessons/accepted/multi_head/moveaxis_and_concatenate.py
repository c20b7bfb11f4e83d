def split_heads(X, h):
    n, d = np.shape(X)
    return np.moveaxis(np.reshape(X, (n, h, d // h)), 1, 0)

def merge_heads(H):
    return np.concatenate(list(H), axis=-1)

def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    output, weights = masked_attention(split_heads(Q, h), split_heads(K, h), split_heads(V, h), mask)
    return np.dot(merge_heads(output), W_o), weights
