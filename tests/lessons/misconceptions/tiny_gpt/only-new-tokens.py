"""a text that has lost its beginning

1. How long is the prompt, how long is n, and how long is what comes back?
2. What do you return: all tokens, or those behind the prompt?
3. The prompt comes back first, with the new tokens behind it.
"""


def generate(prompt, n, params, rng):
    rng, tokens = np.random.default_rng(rng), list(prompt)
    for _ in range(n):
        X = params["tokens"][tokens]
        X = X + sinusoidal_positions(*X.shape)
        for layer in params["blocks"]:
            X, _ = block(X, layer, params["heads"])
        logits = layer_norm(X, params["gain"], params["bias"]) @ params["W_u"]
        tokens.append(next_token(logits[-1], 1.0, rng))
    return tokens[len(prompt) :]
