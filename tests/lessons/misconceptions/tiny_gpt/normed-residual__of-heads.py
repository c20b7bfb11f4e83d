def block(X, params, h):
    of_heads = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    of_mlp = [params[name] for name in ("W_1", "b_1", "W_2", "b_2")]
    normed = layer_norm(X, params["gain_1"], params["bias_1"])
    found, weights = multi_head_attention(normed, *of_heads, h, causal_mask(len(X)))
    X = normed + found
    normed = layer_norm(X, params["gain_2"], params["bias_2"])
    return X + mlp(normed, *of_mlp), weights
