def block(X, params, h):
    of_heads = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    of_mlp = [params[name] for name in ("W_1", "b_1", "W_2", "b_2")]
    found, weights = multi_head_attention(X, *of_heads, h, causal_mask(len(X)))
    X = X + found
    return X + mlp(X, *of_mlp), weights
