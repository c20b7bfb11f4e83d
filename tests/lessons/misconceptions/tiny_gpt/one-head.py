"""one head in the place of several

1. How many attention matrices come back, and how many heads are there?
2. Which number of heads do you hand on?
3. h comes in as the last argument: hand it on to the heads.
"""


def block(X, params, h):
    normed = layer_norm(X, params["gain_1"], params["bias_1"])
    matrices = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    found, weights = multi_head_attention(normed, *matrices, 1, causal_mask(len(X)))
    X = X + found
    normed = layer_norm(X, params["gain_2"], params["bias_2"])
    return X + mlp(normed, params["W_1"], params["b_1"], params["W_2"], params["b_2"]), weights
