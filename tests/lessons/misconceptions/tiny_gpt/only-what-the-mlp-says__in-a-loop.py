def block(X, params, h):
    normed = layer_norm(X, params["gain_1"], params["bias_1"])
    heads = [params[f"W_{name}"] for name in "qkvo"]
    found, weights = multi_head_attention(normed, *heads, h, causal_mask(len(X)))
    rest = [params[name] for name in ("W_1", "b_1", "W_2", "b_2")]
    return mlp(layer_norm(found + X, params["gain_2"], params["bias_2"]), *rest), weights
