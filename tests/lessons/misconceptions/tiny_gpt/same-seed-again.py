"""draws that are all the same draw

1. A die is thrown ten times, each time by a new generator from the seed 5. What comes?
2. How many generators do your draws come from?
3. Make one generator before the loop, and hand it to every draw.
"""


def generate(prompt, n, params, rng):
    tokens = list(prompt)
    for _ in range(n):
        X = params["tokens"][tokens]
        X = X + sinusoidal_positions(*X.shape)
        for layer in params["blocks"]:
            X, _ = block(X, layer, params["heads"])
        logits = layer_norm(X, params["gain"], params["bias"]) @ params["W_u"]
        tokens.append(next_token(logits[-1], 1.0, rng))
    return tokens
