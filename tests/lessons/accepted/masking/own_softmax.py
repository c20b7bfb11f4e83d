def masked_attention(Q, K, V, mask=None):
    s = Q @ np.swapaxes(K, -1, -2) * K.shape[-1] ** -0.5
    ok = np.broadcast_to(True if mask is None else mask, s.shape)
    top = np.max(s, axis=-1, keepdims=True, where=ok, initial=-np.inf)
    e = np.where(ok, np.exp(np.minimum(s - top, 0)), 0)
    w = e / e.sum(-1, keepdims=True)
    return w @ V, w
