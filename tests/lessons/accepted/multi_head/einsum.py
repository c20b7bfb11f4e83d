def split_heads(X, h):
    return np.stack(np.split(np.asarray(X), h, axis=1))

def merge_heads(H):
    return np.hstack(list(H))

def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    n, d = np.shape(X)
    Q, K, V = (np.reshape(X @ W, (n, h, d // h)) for W in (W_q, W_k, W_v))
    scores = np.einsum("ihw,jhw->hij", Q, K) / (d // h) ** 0.5
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    e = np.exp(scores - scores.max(-1)[..., None])
    weights = e / e.sum(-1)[..., None]
    return np.einsum("hij,jhw->ihw", weights, V).reshape(n, d) @ W_o, weights
