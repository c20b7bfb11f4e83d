"""an output that W_o does not change

1. Take twice W_o. What happens to your output?
2. Where does the name `W_o` stand in your function?
3. The merged heads on the left of `@`, W_o on the right: that is the output.
"""


def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    Q, K, V = (split_heads(part, h) for part in project_qkv(X, W_q, W_k, W_v))
    output, weights = masked_attention(Q, K, V, mask)
    return merge_heads(output), weights
