def generate(prompt, n, params, rng):
    rng, new = np.random.default_rng(rng), []
    while len(new) < n:
        X = params["tokens"][[*prompt, *new]]
        X = X + sinusoidal_positions(len(X), len(X[0]))
        for layer in params["blocks"]:
            X = block(X, layer, params["heads"])[0]
        last = layer_norm(X, params["gain"], params["bias"])[-1]
        new.append(next_token(last @ params["W_u"], 1.0, rng))
    return new
