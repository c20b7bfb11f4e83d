def generate(prompt, n, params, rng):
    rng, tokens = np.random.default_rng(rng), list(prompt)
    for _ in range(n):
        X = params["tokens"][np.array(tokens)]
        X = X + sinusoidal_positions(len(tokens), X.shape[1])
        for layer in params["blocks"]:
            X, _ = block(X, layer, params["heads"])
        last = layer_norm(X, params["gain"], params["bias"])[-1]
        tokens = tokens + [next_token(last @ params["W_u"], 1.0, rng)]
    return tokens[-n:]
