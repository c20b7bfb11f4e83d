def generate(prompt, n, params, rng):
    rng, text = np.random.default_rng(rng), list(prompt)
    last = text[-1]
    for _ in range(n):
        X = np.array([params["tokens"][last]])
        X = X + sinusoidal_positions(len(X), len(X[0]))
        for layer in params["blocks"]:
            X, _ = block(X, layer, params["heads"])
        last = next_token(layer_norm(X, params["gain"], params["bias"])[-1] @ params["W_u"], 1.0, rng)
        text.append(last)
    return text
