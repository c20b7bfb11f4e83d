def block(X, params, h):
    p = params
    mask = np.tril(np.ones((len(X), len(X)), dtype=bool))
    normed = layer_norm(X, p["gain_1"], p["bias_1"])
    found, weights = multi_head_attention(normed, p["W_q"], p["W_k"], p["W_v"], p["W_o"], h, mask)
    hidden = np.maximum(layer_norm(X, p["gain_2"], p["bias_2"]) @ p["W_1"] + p["b_1"], 0)
    return np.sum([X, found, hidden @ p["W_2"] + p["b_2"]], axis=0), weights
