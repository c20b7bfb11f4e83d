def block(X, params, h):
    p = params
    found, weights = multi_head_attention(
        layer_norm(X, p["gain_1"], p["bias_1"]),
        p["W_q"], p["W_k"], p["W_v"], p["W_o"], h,
        np.tril(np.ones((len(X), len(X)), dtype=bool)),
    )
    between = np.add(X, found)
    after = mlp(layer_norm(between, p["gain_2"], p["bias_2"]), p["W_1"], p["b_1"], p["W_2"], p["b_2"])
    return [between + after, weights]


def generate(prompt, n, params, rng):
    if n == 0:
        return list(prompt)
    rng = np.random.default_rng(rng)
    X = np.array([params["tokens"][token] for token in prompt])
    X = X + sinusoidal_positions(*X.shape)
    for layer in params["blocks"]:
        X, _ = block(X, layer, params["heads"])
    last = layer_norm(X[-1:], params["gain"], params["bias"])[0]
    token = next_token(last @ params["W_u"], 1.0, rng)
    return generate([*prompt, token], n - 1, params, rng)
