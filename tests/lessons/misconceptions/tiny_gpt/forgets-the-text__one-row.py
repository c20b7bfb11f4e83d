def generate(prompt, n, params, rng):
    rng, tokens = np.random.default_rng(rng), list(prompt)
    for _ in range(n):
        X = params["tokens"][tokens[-1]][None, :] + sinusoidal_positions(1, params["W_u"].shape[0])
        for layer in params["blocks"]:
            X = block(X, layer, params["heads"])[0]
        logits = layer_norm(X, params["gain"], params["bias"])[0] @ params["W_u"]
        tokens = [*tokens, next_token(logits, 1.0, rng)]
    return tokens
