def block(X, params, h):
    p, mask = params, np.ones((len(X), len(X)), dtype=bool)
    normed = layer_norm(X, p["gain_1"], p["bias_1"])
    found, weights = multi_head_attention(normed, p["W_q"], p["W_k"], p["W_v"], p["W_o"], h, mask)
    after = X + found
    normed = layer_norm(after, p["gain_2"], p["bias_2"])
    return after + mlp(normed, p["W_1"], p["b_1"], p["W_2"], p["b_2"]), weights
