def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    width = len(W_q) // h
    output, weights = 0, []
    for k in range(h):
        own = slice(k * width, (k + 1) * width)
        may = np.asarray(mask)[k] if np.ndim(mask) == 3 else mask
        found, looks = masked_attention(X @ W_q[:, own], X @ W_k[:, own], X @ W_v[:, own], may)
        output = output + found @ W_o[own]
        weights.append(looks)
    return output, np.array(weights)
