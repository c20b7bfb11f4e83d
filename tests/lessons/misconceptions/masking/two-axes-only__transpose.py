def masked_attention(Q, K, V, mask=None):
    scores = np.matmul(Q, np.transpose(K)) / len(np.transpose(K)) ** 0.5
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    return weights @ V, weights
