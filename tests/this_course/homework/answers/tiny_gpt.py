# Answers to lesson 12 as people write them; see dot_product.py for the form.

# %% wrong: mean and variance of the batch, as in batch norm
# names: wrong-norm-axis
def layer_norm(X, gain, bias):
    return (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + 1e-5) * gain + bias

# %% wrong: mean and variance of the whole array
# names: one-scale-for-all
def layer_norm(X, gain, bias):
    return (X - X.mean()) / np.sqrt(X.var() + 1e-5) * gain + bias

# %% wrong: ddof=1, as torch.std has it
# names: sample-variance
def layer_norm(X, gain, bias):
    mean = X.mean(axis=-1, keepdims=True)
    std = X.std(axis=-1, keepdims=True, ddof=1)
    return gain * (X - mean) / np.sqrt(std**2 + 1e-5) + bias

# %% wrong: divided by the variance, no root
# names: divided-by-variance
def layer_norm(X, gain, bias):
    mean = X.mean(axis=-1, keepdims=True)
    var = X.var(axis=-1, keepdims=True)
    return gain * (X - mean) / (var + 1e-5) + bias

# %% wrong: RMS norm: the mean stays
# evidence: mean was not taken off
def layer_norm(X, gain, bias):
    return X / np.sqrt((X**2).mean(axis=-1, keepdims=True) + 1e-5) * gain + bias

# %% wrong: no activation
# names: nothing-is-cut
def mlp(X, W_1, b_1, W_2, b_2):
    hidden = X @ W_1 + b_1
    return hidden @ W_2 + b_2

# %% wrong: GELU for ReLU
# evidence: another function
def mlp(X, W_1, b_1, W_2, b_2):
    hidden = X @ W_1 + b_1
    hidden = 0.5 * hidden * (1 + np.tanh(np.sqrt(2 / np.pi) * (hidden + 0.044715 * hidden**3)))
    return hidden @ W_2 + b_2

# %% wrong: the absolute value
# evidence: change their sign
def mlp(X, W_1, b_1, W_2, b_2):
    return np.abs(X @ W_1 + b_1) @ W_2 + b_2

# %% wrong: ReLU on the output, too
# names: cut-at-the-end
def mlp(X, W_1, b_1, W_2, b_2):
    return np.maximum(0, np.maximum(0, X @ W_1 + b_1) @ W_2 + b_2)

# %% wrong: norms behind the additions, as in the first paper
# names: norms-behind
def block(X, params, h):
    found, weights = multi_head_attention(
        X, params["W_q"], params["W_k"], params["W_v"], params["W_o"], h, causal_mask(len(X))
    )
    X = layer_norm(X + found, params["gain_1"], params["bias_1"])
    thought = mlp(X, params["W_1"], params["b_1"], params["W_2"], params["b_2"])
    return layer_norm(X + thought, params["gain_2"], params["bias_2"]), weights

# %% wrong: the normed X is what the heads are added to
# names: normed-residual
def block(X, params, h):
    X = layer_norm(X, params["gain_1"], params["bias_1"])
    found, weights = multi_head_attention(
        X, params["W_q"], params["W_k"], params["W_v"], params["W_o"], h, causal_mask(len(X))
    )
    X = X + found
    X = layer_norm(X, params["gain_2"], params["bias_2"])
    return X + mlp(X, params["W_1"], params["b_1"], params["W_2"], params["b_2"]), weights

# %% wrong: no causal mask
# names: missing-mask
def block(X, params, h):
    normed = layer_norm(X, params["gain_1"], params["bias_1"])
    found, weights = multi_head_attention(
        normed, params["W_q"], params["W_k"], params["W_v"], params["W_o"], h
    )
    X = X + found
    normed = layer_norm(X, params["gain_2"], params["bias_2"])
    return X + mlp(normed, params["W_1"], params["b_1"], params["W_2"], params["b_2"]), weights

# %% wrong: the residual around the mlp is left out
# names: only-what-the-mlp-says
def block(X, params, h):
    normed = layer_norm(X, params["gain_1"], params["bias_1"])
    found, weights = multi_head_attention(
        normed, params["W_q"], params["W_k"], params["W_v"], params["W_o"], h, causal_mask(len(X))
    )
    X = X + found
    normed = layer_norm(X, params["gain_2"], params["bias_2"])
    return mlp(normed, params["W_1"], params["b_1"], params["W_2"], params["b_2"]), weights

# %% wrong: softmax first, then the temperature
# names: ignores-temperature
def next_token(logits, temperature, rng):
    p = softmax(logits) / temperature
    return int(np.random.default_rng(rng).choice(len(p), p=p / p.sum()))

# %% wrong: times the temperature
# names: multiplied-temperature
def next_token(logits, temperature, rng):
    p = softmax(logits * temperature)
    return int(np.random.default_rng(rng).choice(len(p), p=p))

# %% wrong: greedy
# names: always-the-likeliest
def next_token(logits, temperature, rng):
    return int(np.argmax(softmax(logits / temperature)))

# %% wrong: drawn without the shares
# names: draws-evenly
def next_token(logits, temperature, rng):
    return int(np.random.default_rng(rng).integers(len(logits)))

# %% wrong: positions are multiplied
# names: multiplied-positions
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

# %% wrong: the last norm is left out
# names: missing-last-norm
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

# %% wrong: a new generator from the same seed for every word
# names: same-seed-again
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

# %% wrong: the first row of the logits
# names: first-row
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

# %% wrong: only the new words come back
# names: only-new-tokens
def generate(prompt, n, params, rng):
    rng, tokens, new = np.random.default_rng(rng), list(prompt), []
    for _ in range(n):
        X = params["tokens"][tokens]
        X = X + sinusoidal_positions(*X.shape)
        for layer in params["blocks"]:
            X, _ = block(X, layer, params["heads"])
        logits = layer_norm(X, params["gain"], params["bias"]) @ params["W_u"]
        new.append(next_token(logits[-1], 1.0, rng))
        tokens.append(new[-1])
    return new

# %% wrong: the prompt grows
# names: mutates-input
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

# %% wrong: the heads read X, below the line that norms it
# names: heads-without-norm
def block(X, params, h):
    of_heads = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    of_mlp = [params[name] for name in ("W_1", "b_1", "W_2", "b_2")]
    normed = layer_norm(X, params["gain_1"], params["bias_1"])
    found, weights = multi_head_attention(X, *of_heads, h, causal_mask(len(X)))
    X = X + found
    normed = layer_norm(X, params["gain_2"], params["bias_2"])
    return X + mlp(normed, *of_mlp), weights

# %% wrong: nobody adds what the heads found
# names: heads-forgotten
def block(X, params, h):
    of_heads = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    of_mlp = [params[name] for name in ("W_1", "b_1", "W_2", "b_2")]
    normed = layer_norm(X, params["gain_1"], params["bias_1"])
    found, weights = multi_head_attention(normed, *of_heads, h, causal_mask(len(X)))
    normed = layer_norm(X, params["gain_2"], params["bias_2"])
    return X + mlp(normed, *of_mlp), weights

# %% wrong: what the heads found is added to the normed copy
# names: normed-residual
def block(X, params, h):
    of_heads = [params[name] for name in ("W_q", "W_k", "W_v", "W_o")]
    of_mlp = [params[name] for name in ("W_1", "b_1", "W_2", "b_2")]
    normed = layer_norm(X, params["gain_1"], params["bias_1"])
    found, weights = multi_head_attention(normed, *of_heads, h, causal_mask(len(X)))
    X = normed + found
    normed = layer_norm(X, params["gain_2"], params["bias_2"])
    return X + mlp(normed, *of_mlp), weights

# %% right: Gumbel noise and argmax
def next_token(logits, temperature, rng):
    rng = np.random.default_rng(rng)
    return int(np.argmax(np.asarray(logits) / temperature + rng.gumbel(size=len(logits))))

# %% right: multinomial, as torch has it
def next_token(logits, temperature, rng):
    rng = np.random.default_rng(rng)
    return np.argmax(rng.multinomial(1, softmax(np.asarray(logits) / temperature)))

# %% right: numpy's mean and var, np.clip
def layer_norm(X, gain, bias):
    mean, var = np.mean(X, axis=1, keepdims=True), np.var(X, axis=1, keepdims=True)
    return gain * ((X - mean) / np.sqrt(var + 1e-5)) + bias

def mlp(X, W_1, b_1, W_2, b_2):
    return np.clip(X @ W_1 + b_1, 0, None) @ W_2 + b_2
