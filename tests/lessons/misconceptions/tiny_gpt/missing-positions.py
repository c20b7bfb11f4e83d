"""a model that does not know where a word stands

1. Does *the cat chased the mouse* read like *the mouse chased the cat* for your model?
2. What is added to the embeddings before the first block?
3. `sinusoidal_positions` of lesson 9 gives a vector for each place.
"""


def generate(prompt, n, params, rng):
    rng, tokens = np.random.default_rng(rng), list(prompt)
    for _ in range(n):
        X = params["tokens"][tokens]
        for layer in params["blocks"]:
            X, _ = block(X, layer, params["heads"])
        logits = layer_norm(X, params["gain"], params["bias"]) @ params["W_u"]
        tokens.append(next_token(logits[-1], 1.0, rng))
    return tokens
