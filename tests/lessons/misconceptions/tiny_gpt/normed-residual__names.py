def block(X, params, h):
    p = params
    one = layer_norm(X, p["gain_1"], p["bias_1"])
    found, weights = multi_head_attention(
        one, p["W_q"], p["W_k"], p["W_v"], p["W_o"], h, np.tri(len(one), dtype=bool)
    )
    two = layer_norm(found + one, p["gain_2"], p["bias_2"])
    return np.add(mlp(two, p["W_1"], p["b_1"], p["W_2"], p["b_2"]), two), weights
