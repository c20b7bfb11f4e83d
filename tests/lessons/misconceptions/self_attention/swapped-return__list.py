def scaled_dot_product_attention(Q, K, V):
    pair = [softmax(np.inner(Q, K) / len(Q[0]) ** 0.5)]
    return pair + [np.dot(pair[0], V)]
