def block(X, params, h):
    p = params
    args = [p[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    found, weights = multi_head_attention(
        layer_norm(X, p["gain_1"], p["bias_1"]), *args, h, mask=None
    )
    between = X + found
    last = [p[name] for name in ("W_1", "b_1", "W_2", "b_2")]
    return between + mlp(layer_norm(between, p["gain_2"], p["bias_2"]), *last), weights
