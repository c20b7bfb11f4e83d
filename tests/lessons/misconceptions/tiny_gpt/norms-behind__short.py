def block(X, params, h):
    p = params
    pair = multi_head_attention(X, p["W_q"], p["W_k"], p["W_v"], p["W_o"], h, causal_mask(len(X)))
    between = layer_norm(np.add(X, pair[0]), p["gain_1"], p["bias_1"])
    between = between + mlp(between, *[p[name] for name in ("W_1", "b_1", "W_2", "b_2")])
    return layer_norm(between, p["gain_2"], p["bias_2"]), pair[1]
