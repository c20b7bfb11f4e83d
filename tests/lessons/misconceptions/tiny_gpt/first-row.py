"""a text that goes on behind its first word again and again

1. Which row of the logits says what comes behind the last word?
2. With which index do you take a row of the logits?
3. The last row, `[-1]`, has seen all words.
"""


def generate(prompt, n, params, rng):
    rng, tokens = np.random.default_rng(rng), list(prompt)
    for _ in range(n):
        X = params["tokens"][tokens]
        X = X + sinusoidal_positions(*X.shape)
        for layer in params["blocks"]:
            X, _ = block(X, layer, params["heads"])
        logits = layer_norm(X, params["gain"], params["bias"]) @ params["W_u"]
        tokens.append(next_token(logits[0], 1.0, rng))
    return tokens
