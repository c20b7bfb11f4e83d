def block(X, params, h):
    p = params
    found, weights = multi_head_attention(
        layer_norm(X, p["gain_1"], p["bias_1"]),
        p["W_q"], p["W_k"], p["W_v"], p["W_o"], h, mask=causal_mask(X.shape[0]),
    )
    after = mlp(layer_norm(found, p["gain_2"], p["bias_2"]), p["W_1"], p["b_1"], p["W_2"], p["b_2"])
    return found + after, weights
