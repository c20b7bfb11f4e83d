"""The tiny model, forwards and backwards, for a batch of texts at once.

Its blocks are those of GPT-2: ``X + heads(norm(X))``, then ``X + mlp(norm(X))``. The gradients
are written by hand; a test compares them with finite differences.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray
Params = dict[str, Array]
EPSILON = 1e-5  # added to a variance


def new_params(rng: np.random.Generator, *, words: int, d: int, hidden: int, blocks: int) -> Params:
    """Random numbers to start from."""
    params: Params = {"tokens": 0.5 * rng.normal(size=(words, d))}
    for block in range(blocks):
        name = f"blocks.{block}."
        for matrix in ("W_q", "W_k", "W_v", "W_o"):
            params[name + matrix] = rng.normal(size=(d, d)) / np.sqrt(d)
        params[name + "W_1"] = rng.normal(size=(d, hidden)) / np.sqrt(d)
        params[name + "W_2"] = rng.normal(size=(hidden, d)) / np.sqrt(hidden)
        params[name + "b_1"], params[name + "b_2"] = np.zeros(hidden), np.zeros(d)
        for norm in ("1", "2"):
            params[name + f"gain_{norm}"], params[name + f"bias_{norm}"] = np.ones(d), np.zeros(d)
    params["gain"], params["bias"] = np.ones(d), np.zeros(d)
    params["W_u"] = rng.normal(size=(d, words)) / np.sqrt(d)
    return params


def positions(n: int, d: int) -> Array:
    """The vectors of the places, sines and cosines in turns, shape (n, d)."""
    angles = np.arange(n)[:, np.newaxis] * 10000.0 ** (-np.arange(0, d, 2) / d)
    vectors = np.empty((n, d))
    vectors[:, 0::2], vectors[:, 1::2] = np.sin(angles), np.cos(angles)
    return vectors


def forward(params: Params, texts: Array, h: int) -> tuple[Array, list[Array], Any]:
    """What the model says of texts.

    Args:
        params: of the model.
        texts: shape (B, n), numbers of words.
        h: the number of heads.

    Returns:
        The logits of each next word, shape (B, n, words); the weights of each block, shape
        (B, h, n, n); and what the way back needs.
    """
    n = texts.shape[1]
    X = params["tokens"][texts] + positions(n, params["tokens"].shape[1])  # (B, n, d)
    mask = np.tril(np.ones((n, n), dtype=bool))  # real words come first: none looks at padding
    caches: list[Any] = []
    weights: list[Array] = []
    for block in range(_blocks(params)):
        p = _of_block(params, block)
        normed, cache_1 = _norm(X, p["gain_1"], p["bias_1"])
        heads, cache_heads = _attention(normed, p, h, mask)
        X = X + heads
        normed_2, cache_2 = _norm(X, p["gain_2"], p["bias_2"])
        inner = normed_2 @ p["W_1"] + p["b_1"]
        X = X + np.maximum(inner, 0) @ p["W_2"] + p["b_2"]
        caches.append((cache_1, cache_heads, cache_2, normed_2, inner))
        weights.append(cache_heads[3])
    last, cache = _norm(X, params["gain"], params["bias"])
    return last @ params["W_u"], weights, (caches, last, cache)


def loss_of(logits: Array, texts: Array, real: Array) -> float:
    """The mean loss of guessing each next word that is real."""
    shares = _softmax(logits[:, :-1])
    picked = np.take_along_axis(shares, texts[:, 1:, np.newaxis], axis=-1)[..., 0]
    return float(-(np.log(picked) * real[:, 1:]).sum() / real[:, 1:].sum())


def loss_and_grads(params: Params, texts: Array, real: Array, h: int) -> tuple[float, Params]:
    """The mean loss of guessing each next word, and its gradients by name.

    Args:
        params: of the model.
        texts: shape (B, n), numbers of words, filled up.
        real: shape (B, n), True where a word is real.
        h: the number of heads.
    """
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    logits, _, (caches, last, cache) = forward(params, texts, h)
    due, counts = texts[:, 1:, np.newaxis], real[:, 1:, np.newaxis]
    d_guessed = _softmax(logits[:, :-1])
    picked = np.take_along_axis(d_guessed, due, axis=-1)
    np.put_along_axis(d_guessed, due, picked - 1, axis=-1)

    d_logits = np.zeros_like(logits)
    d_logits[:, :-1] = d_guessed * counts / counts.sum()
    grads["W_u"] = np.einsum("bnd,bnw->dw", last, d_logits)
    dX = _norm_back(d_logits @ params["W_u"].T, cache, grads, "gain", "bias")
    for block in reversed(range(_blocks(params))):
        name, p = f"blocks.{block}.", _of_block(params, block)
        cache_1, cache_heads, cache_2, normed_2, inner = caches[block]
        hidden = np.maximum(inner, 0)
        grads[name + "b_2"] = dX.sum(axis=(0, 1))
        grads[name + "W_2"] = np.einsum("bnh,bnd->hd", hidden, dX)
        d_inner = (dX @ p["W_2"].T) * (inner > 0)
        grads[name + "b_1"] = d_inner.sum(axis=(0, 1))
        grads[name + "W_1"] = np.einsum("bnd,bnh->dh", normed_2, d_inner)
        dX = dX + _norm_back(d_inner @ p["W_1"].T, cache_2, grads, name + "gain_2", name + "bias_2")
        d_normed = _attention_back(dX, cache_heads, p, grads, name=name, h=h)
        dX = dX + _norm_back(d_normed, cache_1, grads, name + "gain_1", name + "bias_1")
    np.add.at(grads["tokens"], texts, dX)
    return loss_of(logits, texts, real), grads


def _blocks(params: Params) -> int:
    return sum(name.endswith("W_q") for name in params)


def _of_block(params: Params, block: int) -> Params:
    name = f"blocks.{block}."
    return {key.removeprefix(name): value for key, value in params.items() if key.startswith(name)}


def _softmax(scores: Array) -> Array:
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Array = exponentials / exponentials.sum(axis=-1, keepdims=True)
    return shares


def _norm(X: Array, gain: Array, bias: Array) -> tuple[Array, Any]:
    centred = X - X.mean(axis=-1, keepdims=True)
    scale = 1 / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
    unit = centred * scale
    return unit * gain + bias, (unit, scale, gain)


def _norm_back(d_out: Array, cache: Any, grads: Params, gain: str, bias: str) -> Array:
    unit, scale, gains = cache
    grads[gain] = (d_out * unit).sum(axis=(0, 1))
    grads[bias] = d_out.sum(axis=(0, 1))
    d_unit = d_out * gains
    mean = d_unit.mean(axis=-1, keepdims=True)
    d_X: Array = scale * (d_unit - mean - unit * (d_unit * unit).mean(axis=-1, keepdims=True))
    return d_X


def _split(X: Array, h: int) -> Array:
    B, n, d = X.shape
    return X.reshape(B, n, h, d // h).swapaxes(1, 2)  # (B, h, n, d/h)


def _merge(H: Array) -> Array:
    B, h, n, width = H.shape
    merged: Array = H.swapaxes(1, 2).reshape(B, n, h * width)
    return merged


def _attention(X: Array, p: Params, h: int, mask: Array) -> tuple[Array, Any]:
    Q, K, V = (_split(X @ p[name], h) for name in ("W_q", "W_k", "W_v"))
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
    weights = _softmax(np.where(mask, scores, -np.inf))  # (B, h, n, n)
    merged = _merge(weights @ V)
    return merged @ p["W_o"], (Q, K, V, weights, merged, X)


def _attention_back(
    d_out: Array, cache: Any, p: Params, grads: Params, *, name: str, h: int
) -> Array:
    Q, K, V, weights, merged, X = cache
    grads[name + "W_o"] = np.einsum("bnd,bne->de", merged, d_out)
    d_heads = _split(d_out @ p["W_o"].T, h)
    d_weights = d_heads @ V.swapaxes(-1, -2)
    dV = weights.swapaxes(-1, -2) @ d_heads
    d_scores = weights * (d_weights - (d_weights * weights).sum(axis=-1, keepdims=True))
    d_scores /= np.sqrt(Q.shape[-1])
    dQ, dK = d_scores @ K, d_scores.swapaxes(-1, -2) @ Q
    dX: Array = np.zeros_like(X)
    for matrix, grad in {"W_q": dQ, "W_k": dK, "W_v": dV}.items():
        merged_grad = _merge(grad)
        grads[name + matrix] = np.einsum("bnd,bne->de", X, merged_grad)
        dX += merged_grad @ p[matrix].T
    return dX
