def generate(prompt, n, params, rng):
    tokens, seed = list(prompt), rng

    def logits_behind(text):
        X = params["tokens"][np.asarray(text)]
        X = X + sinusoidal_positions(*np.shape(X))
        for one in params["blocks"]:
            X = block(X, one, params["heads"])[0]
        return (layer_norm(X, params["gain"], params["bias"]) @ params["W_u"])[-1]

    for _ in range(n):
        tokens = [*tokens, next_token(logits_behind(tokens), 1.0, np.random.default_rng(seed))]
    return tokens
