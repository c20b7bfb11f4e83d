def block(X, params, h):
    normed = layer_norm(X, params["gain_1"], params["bias_1"])
    matrices = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    weights = multi_head_attention(normed, *matrices, h, causal_mask(len(X)))[1]
    normed = layer_norm(X, params["gain_2"], params["bias_2"])
    return X + mlp(normed, *(params[name] for name in ("W_1", "b_1", "W_2", "b_2"))), weights
