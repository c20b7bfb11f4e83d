"""weights in the first place and the output in the second

1. Look at the two shapes that come back. Which one is the output's?
2. Compare your `return` with the docstring: what comes first?
3. The output first, then the weights.
"""


def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    heads = [split_heads(part, h) for part in project_qkv(X, W_q, W_k, W_v)]
    output, weights = masked_attention(*heads, mask)
    return weights, merge_heads(output) @ np.asarray(W_o, dtype=float)
