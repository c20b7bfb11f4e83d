def generate(prompt, n, params, rng):
    rng, tokens = np.random.default_rng(rng), [*prompt]
    while len(tokens) < len(prompt) + n:
        X = np.array([params["tokens"][token] for token in tokens])
        for layer in range(len(params["blocks"])):
            X = block(X, params["blocks"][layer], params["heads"])[0]
        last = layer_norm(X, params["gain"], params["bias"])[-1]
        tokens += [next_token(last @ params["W_u"], 1.0, rng)]
    return tokens
