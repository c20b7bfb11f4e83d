def block(X, params, h):
    p = params
    normed = layer_norm(X, p["gain_1"], p["bias_1"])
    Q, K, V = normed @ p["W_q"], normed @ p["W_k"], normed @ p["W_v"]
    scores = np.where(causal_mask(len(X)), Q @ K.T / np.sqrt(K.shape[1]), -np.inf)
    weights = softmax(scores)
    after = X + weights @ V @ p["W_o"]
    normed = layer_norm(after, p["gain_2"], p["bias_2"])
    return after + mlp(normed, p["W_1"], p["b_1"], p["W_2"], p["b_2"]), weights[None]
