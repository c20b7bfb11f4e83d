"""tokens that are only what the mlp made of them

1. If heads and mlp find nothing, what becomes of X? And in your block?
2. To what is the mlp's result added in the last line?
3. What the mlp gives is added to X, as what the heads found was.
"""


def block(X, params, h):
    matrices = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    normed = layer_norm(X, params["gain_1"], params["bias_1"])
    found, weights = multi_head_attention(normed, *matrices, h, causal_mask(len(X)))
    X = X + found
    normed = layer_norm(X, params["gain_2"], params["bias_2"])
    return mlp(normed, params["W_1"], params["b_1"], params["W_2"], params["b_2"]), weights
