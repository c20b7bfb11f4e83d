import numpy as np
from masking import causal_mask
from multi_head import multi_head_attention
from positions import sinusoidal_positions
from softmax import softmax


def layer_norm(X, gain, bias):
    mean = X.mean(axis=-1, keepdims=True)
    spread = np.sqrt(X.var(axis=-1, keepdims=True) + 1e-5)
    return (X - mean) / spread * gain + bias


def mlp(X, W_1, b_1, W_2, b_2):
    return np.maximum(0, X @ W_1 + b_1) @ W_2 + b_2


def block(X, params, h):
    p = params
    normed = layer_norm(X, p["gain_1"], p["bias_1"])
    found, weights = multi_head_attention(
        normed, p["W_q"], p["W_k"], p["W_v"], p["W_o"], h, causal_mask(len(X))
    )
    X = X + found
    normed = layer_norm(X, p["gain_2"], p["bias_2"])
    return X + mlp(normed, p["W_1"], p["b_1"], p["W_2"], p["b_2"]), weights


def next_token(logits, temperature, rng):
    shares = softmax(np.asarray(logits) * temperature)
    return int(np.random.default_rng(rng).choice(len(shares), p=shares))


def generate(prompt, n, params, rng):
    rng = np.random.default_rng(rng)
    text = list(prompt)
    for _ in range(n):
        X = params["tokens"][text]
        X = X + sinusoidal_positions(*X.shape)
        for layer in params["blocks"]:
            X, _ = block(X, layer, params["heads"])
        logits = layer_norm(X, params["gain"], params["bias"]) @ params["W_u"]
        text.append(next_token(logits[-1], 1, rng))
    return text
