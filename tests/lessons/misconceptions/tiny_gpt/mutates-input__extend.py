def generate(prompt, n, params, rng):
    rng = np.random.default_rng(rng)
    for _ in range(n):
        X = params["tokens"][list(prompt)]
        X = X + sinusoidal_positions(*X.shape)
        for layer in params["blocks"]:
            X = block(X, layer, params["heads"])[0]
        last = layer_norm(X, params["gain"], params["bias"])[-1]
        prompt.extend([next_token(last @ params["W_u"], 1.0, rng)])
    return list(prompt)
