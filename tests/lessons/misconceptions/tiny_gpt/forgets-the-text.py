"""a model that knows only the last word

1. Change the first token of the prompt. Does what comes next change?
2. Which tokens do you hand to the blocks in each step?
3. All tokens so far go in; only the last row of what comes out is needed.
"""


def generate(prompt, n, params, rng):
    rng, tokens = np.random.default_rng(rng), list(prompt)
    for _ in range(n):
        X = params["tokens"][tokens[-1:]]
        X = X + sinusoidal_positions(*X.shape)
        for layer in params["blocks"]:
            X, _ = block(X, layer, params["heads"])
        logits = layer_norm(X, params["gain"], params["bias"]) @ params["W_u"]
        tokens.append(next_token(logits[-1], 1.0, rng))
    return tokens
