# Slips in lesson 12. Each cell comes after the lesson's solution. Its head is what a tutor would say.

# %% keepdims: a mean for each token cannot meet the tokens
def layer_norm(X, gain, bias):
    return (X - X.mean(axis=1)) / X.std(axis=1) * gain + bias

# %% np.maximum compares two arrays; np.max takes an axis there
def mlp(X, W_1, b_1, W_2, b_2):
    return np.max(0, X @ W_1 + b_1) @ W_2 + b_2

# %% the heads return two things, and both are added
def block(X, params, h):
    normed = layer_norm(X, params["gain_1"], params["bias_1"])
    of_heads = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    X = X + multi_head_attention(normed, *of_heads, h, causal_mask(len(X)))
    return X, None

# %% the star is missing: a list of four is one argument
def block(X, params, h):
    normed = layer_norm(X, params["gain_1"], params["bias_1"])
    of_heads = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    found, weights = multi_head_attention(normed, of_heads, h, causal_mask(len(X)))
    return X + found, weights

# %% causal_mask wants a number of tokens, and got the tokens
def block(X, params, h):
    normed = layer_norm(X, params["gain_1"], params["bias_1"])
    of_heads = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    found, weights = multi_head_attention(normed, *of_heads, h, causal_mask(X))
    return X + found, weights

# %% the key is gain_1
def block(X, params, h):
    normed = layer_norm(X, params["gain1"], params["bias1"])
    return normed, None

# %% rng may be a seed; default_rng makes a generator of it
def next_token(logits, temperature, rng):
    shares = softmax(logits / temperature)
    return int(rng.choice(len(shares), p=shares))

# %% the temperature belongs before the softmax; these shares do not sum to 1
def next_token(logits, temperature, rng):
    rng = np.random.default_rng(rng)
    return int(rng.choice(len(logits), p=softmax(logits) / temperature))

# %% the shares need their name: p=…
def next_token(logits, temperature, rng):
    rng = np.random.default_rng(rng)
    return int(rng.choice(len(logits), softmax(logits / temperature)))

# %% block returns two things
def generate(prompt, n, params, rng):
    rng, tokens = np.random.default_rng(rng), list(prompt)
    for _ in range(n):
        X = params["tokens"][tokens] + sinusoidal_positions(len(tokens), params["tokens"].shape[1])
        for layer in params["blocks"]:
            X = block(X, layer, params["heads"])
        logits = layer_norm(X, params["gain"], params["bias"]) @ params["W_u"]
        tokens.append(next_token(logits[-1], 1.0, rng))
    return tokens

# %% params is another dict after the first round of the loop
def generate(prompt, n, params, rng):
    rng, tokens = np.random.default_rng(rng), list(prompt)
    for _ in range(n):
        X = params["tokens"][tokens] + sinusoidal_positions(len(tokens), params["tokens"].shape[1])
        for params in params["blocks"]:
            X, _ = block(X, params, params["heads"])
        logits = layer_norm(X, params["gain"], params["bias"]) @ params["W_u"]
        tokens.append(next_token(logits[-1], 1.0, rng))
    return tokens

# %% the last row of the logits alone: logits[-1]
def generate(prompt, n, params, rng):
    rng, tokens = np.random.default_rng(rng), list(prompt)
    for _ in range(n):
        X = params["tokens"][tokens] + sinusoidal_positions(len(tokens), params["tokens"].shape[1])
        for layer in params["blocks"]:
            X, _ = block(X, layer, params["heads"])
        logits = layer_norm(X, params["gain"], params["bias"]) @ params["W_u"]
        tokens.append(next_token(logits, 1.0, rng))
    return tokens
