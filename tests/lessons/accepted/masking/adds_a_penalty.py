def masked_attention(Q, K, V, mask=None):
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(K.shape[-1])
    if mask is not None:
        scores = scores + np.where(mask, 0, -1e30)
    weights = softmax(scores)
    return weights @ V, weights
