def block(X, params, h):
    p = params
    pair = multi_head_attention(
        layer_norm(X, p["gain_1"], p["bias_1"]),
        *[p[f"W_{part}"] for part in "qkvo"],
        h,
        causal_mask(len(X)),
    )
    X = layer_norm(np.add(X, pair[0]), p["gain_2"], p["bias_2"])
    X = mlp(X, *[p[name] for name in ("W_1", "b_1", "W_2", "b_2")])
    return X, pair[1]
