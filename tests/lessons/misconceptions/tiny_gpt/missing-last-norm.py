"""logits of numbers that nobody has brought to one scale

1. Each block adds to X. On which scale are the numbers after the last one?
2. What stands between the last block and W_u? Who uses `gain` and `bias`?
3. The norm by `gain` and `bias` comes before the product with W_u.
"""


def generate(prompt, n, params, rng):
    rng, tokens = np.random.default_rng(rng), list(prompt)
    for _ in range(n):
        X = params["tokens"][tokens]
        X = X + sinusoidal_positions(*X.shape)
        for layer in params["blocks"]:
            X, _ = block(X, layer, params["heads"])
        logits = X @ params["W_u"]
        tokens.append(next_token(logits[-1], 1.0, rng))
    return tokens
