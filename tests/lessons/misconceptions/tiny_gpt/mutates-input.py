"""a prompt of the caller's that was changed

1. Look at the list that you passed in, after the call. Is it as before?
2. To which list do you append?
3. Begin with a list of your own that holds the prompt's tokens.
"""


def generate(prompt, n, params, rng):
    rng = np.random.default_rng(rng)
    for _ in range(n):
        X = params["tokens"][prompt]
        X = X + sinusoidal_positions(*X.shape)
        for layer in params["blocks"]:
            X, _ = block(X, layer, params["heads"])
        logits = layer_norm(X, params["gain"], params["bias"]) @ params["W_u"]
        prompt.append(next_token(logits[-1], 1.0, rng))
    return prompt
