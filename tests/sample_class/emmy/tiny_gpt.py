import numpy as np
from masking import causal_mask
from multi_head import multi_head_attention
from positions import sinusoidal_positions


def layer_norm(X, gain, bias):
    tokens = np.asarray(X, dtype=float).T
    normed = (tokens - tokens.mean(axis=0)) / np.sqrt(tokens.var(axis=0) + 0.00001)
    return normed.T * gain + bias


def mlp(X, W_1, b_1, W_2, b_2):
    hidden = X @ W_1 + b_1
    return np.where(hidden > 0, hidden, 0) @ W_2 + b_2


def block(X, params, h):
    matrices = (params[f"W_{letter}"] for letter in "qkvo")
    read = layer_norm(X, params["gain_1"], params["bias_1"])
    found, weights = multi_head_attention(read, *matrices, h, causal_mask(len(read)))
    between = X + found
    read = layer_norm(between, params["gain_2"], params["bias_2"])
    last = (params[name] for name in ("W_1", "b_1", "W_2", "b_2"))
    return between + mlp(read, *last), weights


def next_token(logits, temperature, rng):
    # the largest of the logits, each with noise of its own: the same shares
    noise = np.random.default_rng(rng).gumbel(size=len(logits))
    return np.argmax(logits / temperature + noise)


def generate(prompt, n, params, rng):
    rng = np.random.default_rng(rng)
    text = np.array(prompt)
    while len(text) < len(prompt) + n:
        X = params["tokens"][text] + sinusoidal_positions(len(text), params["tokens"].shape[1])
        for layer in params["blocks"]:
            X = block(X, layer, params["heads"])[0]
        last = layer_norm(X[-1:], params["gain"], params["bias"])[0] @ params["W_u"]
        text = np.append(text, next_token(last, 1.0, rng))
    return text.tolist()
