"""tokens that are no longer what they were: something is added to their norms

1. If heads and mlp find nothing, what becomes of X? And in your block?
2. Does the normed copy have a name of its own, or does it take the place of X?
3. Heads and mlp read the normed copy; what they find is added to X itself.
"""


def block(X, params, h):
    matrices = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    X = layer_norm(X, params["gain_1"], params["bias_1"])
    found, weights = multi_head_attention(X, *matrices, h, causal_mask(len(X)))
    X = X + found
    X = layer_norm(X, params["gain_2"], params["bias_2"])
    return X + mlp(X, params["W_1"], params["b_1"], params["W_2"], params["b_2"]), weights
