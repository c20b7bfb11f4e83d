"""tokens to which nobody has added what the heads found

1. If the mlp adds nothing, what does your block add to X? What should it add?
2. Where in your code does what the heads found go?
3. It is added to X before the second norm, which the mlp reads, and so to the result.
"""


def block(X, params, h):
    of_heads = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    of_mlp = [params[name] for name in ("W_1", "b_1", "W_2", "b_2")]
    normed = layer_norm(X, params["gain_1"], params["bias_1"])
    found, weights = multi_head_attention(normed, *of_heads, h, causal_mask(len(X)))
    normed = layer_norm(X, params["gain_2"], params["bias_2"])
    return X + mlp(normed, *of_mlp), weights
