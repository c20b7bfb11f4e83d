"""words that some places leave nothing of

1. At place 0 every sine is 0. What is left of half of the first word's numbers?
2. How do embeddings and positions come together in your code?
3. They are added: `+`.
"""


def generate(prompt, n, params, rng):
    rng, tokens = np.random.default_rng(rng), list(prompt)
    for _ in range(n):
        X = params["tokens"][tokens]
        X = X * sinusoidal_positions(*X.shape)
        for layer in params["blocks"]:
            X, _ = block(X, layer, params["heads"])
        logits = layer_norm(X, params["gain"], params["bias"]) @ params["W_u"]
        tokens.append(next_token(logits[-1], 1.0, rng))
    return tokens
