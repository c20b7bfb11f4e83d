"""heads that read tokens which nobody has normed

1. Make X a hundred times as large. Do your heads see a difference? Should they?
2. What do you hand to the heads: X, or `normed`?
3. The heads read the normed copy; X itself is what their result is added to.
"""


def block(X, params, h):
    of_heads = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    of_mlp = [params[name] for name in ("W_1", "b_1", "W_2", "b_2")]
    normed = layer_norm(X, params["gain_1"], params["bias_1"])
    found, weights = multi_head_attention(X, *of_heads, h, causal_mask(len(X)))
    X = X + found
    normed = layer_norm(X, params["gain_2"], params["bias_2"])
    return X + mlp(normed, *of_mlp), weights
