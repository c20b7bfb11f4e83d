def causal_mask(n):
    mask = np.zeros((n, n), dtype=bool)
    mask[np.tril_indices(n)] = True
    return mask

def padding_mask(lengths, n):
    mask = np.zeros((len(lengths), n), dtype=bool)
    for row, length in zip(mask, lengths):
        row[:length] = True
    return mask

def masked_attention(Q, K, V, mask=None):
    scores = np.matmul(Q, np.moveaxis(K, -1, -2)) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores[~np.broadcast_to(mask, scores.shape)] = -np.inf
    weights = softmax(scores, axis=scores.ndim - 1)
    return weights @ V, weights
