def block(X, params, h):
    first = layer_norm(X, params["gain_1"], params["bias_1"])
    second = layer_norm(X, params["gain_2"], params["bias_2"])
    of_heads = [params[f"W_{letter}"] for letter in "qkvo"]
    heads, weights = multi_head_attention(first, *of_heads, h, causal_mask(len(X)))
    X = X + heads
    X = X + mlp(second, params["W_1"], params["b_1"], params["W_2"], params["b_2"])
    return X, weights
