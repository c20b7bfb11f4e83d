def causal_mask(n):
    return np.array([[j <= i for j in range(n)] for i in range(n)])

def padding_mask(lengths, n):
    return np.array([[j < length for j in range(n)] for length in lengths])

def masked_attention(Q, K, V, mask=None):
    Q, K, V = np.asarray(Q, float), np.asarray(K, float), np.asarray(V, float)
    if Q.ndim > 2:
        if mask is not None:
            mask = np.broadcast_to(mask, Q.shape[:-1] + K.shape[-2:-1])
        masks = [None] * len(Q) if mask is None else mask
        pairs = [masked_attention(q, k, v, m) for q, k, v, m in zip(Q, K, V, masks)]
        return [[output for output, _ in pairs], [weights for _, weights in pairs]]
    weights = []
    for i, q in enumerate(Q):
        row = [float(q @ k) / len(k) ** 0.5 for k in K]
        if mask is not None:
            may = np.broadcast_to(mask, (len(Q), len(K)))[i]
            row = [score if ok else -np.inf for score, ok in zip(row, may)]
        weights.append(softmax(row))
    return [np.array(weights) @ V, np.array(weights)]
