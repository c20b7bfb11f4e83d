def generate(prompt, n, params, rng):
    rng, tokens = np.random.default_rng(rng), list(prompt)
    for _ in range(n):
        X = params["tokens"][tokens] + 0 * sinusoidal_positions(1, params["tokens"].shape[1])
        for layer in params["blocks"]:
            X, weights = block(X, layer, params["heads"])
        logits = (layer_norm(X, params["gain"], params["bias"]) @ params["W_u"])[-1]
        tokens.append(next_token(logits, 1.0, rng))
    return tokens
