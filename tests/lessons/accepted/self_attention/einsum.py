def scaled_dot_product_attention(Q, K, V):
    scores = np.einsum("ik,jk->ij", Q, K) / K.shape[1] ** 0.5
    weights = softmax(scores)
    return np.einsum("ij,jd->id", weights, V), weights

def self_attention(X, W_q, W_k, W_v):
    Q, K, V = (np.einsum("nd,dk->nk", X, W) for W in (W_q, W_k, W_v))
    return scaled_dot_product_attention(Q, K, V)
