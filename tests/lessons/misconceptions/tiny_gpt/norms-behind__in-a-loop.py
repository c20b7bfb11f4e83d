def block(X, params, h):
    weights = None
    for part in (1, 2):
        if part == 1:
            heads = [params[f"W_{name}"] for name in "qkvo"]
            found, weights = multi_head_attention(X, *heads, h, causal_mask(len(X)))
        else:
            found = mlp(X, params["W_1"], params["b_1"], params["W_2"], params["b_2"])
        X = layer_norm(found + X, params[f"gain_{part}"], params[f"bias_{part}"])
    return X, weights
