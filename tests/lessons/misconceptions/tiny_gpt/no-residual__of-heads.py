def block(X, params, h):
    p = params
    normed = layer_norm(X, p["gain_1"], p["bias_1"])
    weights_of = [p["W_q"], p["W_k"], p["W_v"], p["W_o"]]
    pair = multi_head_attention(normed, *weights_of, h, causal_mask(len(X)))
    again = layer_norm(pair[0], p["gain_2"], p["bias_2"])
    return np.add(pair[0], mlp(again, p["W_1"], p["b_1"], p["W_2"], p["b_2"])), pair[1]
