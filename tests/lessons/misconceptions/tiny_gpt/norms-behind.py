"""norms behind the additions, and not before the parts

1. If heads and mlp find nothing, what becomes of X? And in your block?
2. What does each part read: X, or a normed copy? And what is normed in the end?
3. Norm a copy before each part, and leave the sum as it is.
"""


def block(X, params, h):
    matrices = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    found, weights = multi_head_attention(X, *matrices, h, causal_mask(len(X)))
    X = layer_norm(X + found, params["gain_1"], params["bias_1"])
    thought = mlp(X, params["W_1"], params["b_1"], params["W_2"], params["b_2"])
    return layer_norm(X + thought, params["gain_2"], params["bias_2"]), weights
