"""an mlp that has not heard what the heads found

1. The heads find something about a token. Can the mlp of the same block make anything of it here?
2. Which X does your second norm read: the one that came in, or the one with the heads added?
3. Add what the heads found first, and norm the sum for the mlp.
"""


def block(X, params, h):
    found, weights = multi_head_attention(
        layer_norm(X, params["gain_1"], params["bias_1"]),
        *(params[name] for name in ("W_q", "W_k", "W_v", "W_o")),
        h,
        causal_mask(len(X)),
    )
    normed = layer_norm(X, params["gain_2"], params["bias_2"])
    thought = mlp(normed, *(params[name] for name in ("W_1", "b_1", "W_2", "b_2")))
    return X + found + thought, weights
