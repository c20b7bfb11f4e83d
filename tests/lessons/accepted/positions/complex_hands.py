def sinusoidal_positions(n, d):
    hands = np.exp(1j * np.arange(n)[:, None] * 10000.0 ** (-np.arange(0, d, 2) / d))
    return np.ascontiguousarray(np.stack([hands.imag, hands.real], axis=-1)).reshape(n, -1)

def stack(X, layers):
    X = np.array(X, dtype=float)
    weights = []
    for W_q, W_k, W_v in layers:
        output, looks = self_attention(X, W_q, W_k, W_v)
        X += output
        weights.append(looks)
    return X, weights
