def block(X, params, h):
    of_heads = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    found, weights = multi_head_attention(X, *of_heads, h, causal_mask(len(X)))
    between = X + found
    normed = layer_norm(between, params["gain_2"], params["bias_2"])
    of_mlp = [params[name] for name in ("W_1", "b_1", "W_2", "b_2")]
    return between + mlp(normed, *of_mlp), weights
