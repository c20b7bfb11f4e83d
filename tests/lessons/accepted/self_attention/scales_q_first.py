def scaled_dot_product_attention(Q, K, V):
    weights = softmax((Q / np.sqrt(Q.shape[-1])) @ K.T)
    return weights @ V, weights
