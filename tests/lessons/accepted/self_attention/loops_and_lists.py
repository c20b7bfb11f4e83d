def scaled_dot_product_attention(Q, K, V):
    output, weights = [], []
    for q in Q:
        row = softmax([float(np.dot(q, k)) / np.sqrt(len(q)) for k in K])
        weights.append(row)
        output.append(sum(w * v for w, v in zip(row, V)))
    return [output, weights]

def self_attention(X, W_q, W_k, W_v):
    return scaled_dot_product_attention(X @ W_q, X @ W_k, X @ W_v)
