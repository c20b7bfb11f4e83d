def generate(prompt, n, params, rng):
    rng, text = np.random.default_rng(rng), [*prompt]
    while len(text) < len(prompt) + n:
        X = np.array([params["tokens"][token] for token in text])
        X = np.add(X, sinusoidal_positions(len(X), len(X[0])))
        for layer in range(len(params["blocks"])):
            X = block(X, params["blocks"][layer], params["heads"])[0]
        last = layer_norm(X, params["gain"], params["bias"])[0]
        text += [next_token(last @ params["W_u"], 1.0, rng)]
    return text
