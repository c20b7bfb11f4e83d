def generate(prompt, n, params, rng):
    rng, tokens = np.random.default_rng(rng), prompt
    while n > 0:
        X = np.array([params["tokens"][token] for token in tokens])
        X = X + sinusoidal_positions(len(X), len(X[0]))
        for layer in params["blocks"]:
            X = block(X, layer, params["heads"])[0]
        tokens += [next_token((layer_norm(X, params["gain"], params["bias"]) @ params["W_u"])[-1], 1.0, rng)]
        n -= 1
    return list(tokens)
