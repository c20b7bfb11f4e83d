# Answers to lesson 7 as people write them; see dot_product.py for the form.

# %% wrong: tril without the diagonal
# names: excludes-itself
def causal_mask(n):
    return np.tril(np.ones((n, n)), k=-1).astype(bool)

# %% wrong: triu from a decoder tutorial, True for what is hidden
# names: hides-past, inverted-mask, looks-ahead
def causal_mask(n):
    return np.triu(np.ones((n, n)), k=1).astype(bool)

# %% wrong: the mask of a batch has its axes the wrong way round
# names: transposed-mask
def padding_mask(lengths, n):
    return (np.arange(n)[:, None] < np.asarray(lengths))

# %% wrong: <= in padding_mask
# names: one-too-many
def padding_mask(lengths, n):
    return np.array([[j <= length for j in range(n)] for length in lengths])

# %% wrong: 1 means padding, as in a library
# names: marks-padding
def padding_mask(lengths, n):
    mask = np.zeros((len(lengths), n), dtype=bool)
    for b, length in enumerate(lengths):
        mask[b, length:] = True
    return mask

# %% wrong: masked_fill with the mask itself, as in torch
# names: inverted-mask
def masked_attention(Q, K, V, mask=None):
    scores = Q @ K.swapaxes(-2, -1) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask, -np.inf, scores)
    weights = softmax(scores)
    return weights @ V, weights

# %% wrong: scores times mask
# names: zero-scores
def masked_attention(Q, K, V, mask=None):
    scores = Q @ K.swapaxes(-2, -1) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores = scores * mask
    weights = softmax(scores)
    return weights @ V, weights

# %% wrong: masked_fill_ with 1e-9 for -1e9
# names: zero-scores
def masked_attention(Q, K, V, mask=None):
    scores = Q @ K.swapaxes(-2, -1) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, 1e-9)
    attn = softmax(scores, axis=-1)
    return attn @ V, attn

# %% wrong: the mask is added as if it held 0 and -inf
# evidence: added to the scores
def masked_attention(Q, K, V, mask=None):
    scores = Q @ K.swapaxes(-2, -1) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores = scores + mask
    attn = softmax(scores, axis=-1)
    return attn @ V, attn

# %% wrong: (1 - mask) * -1e9 for a mask that is 1 where it hides
# names: inverted-mask
# evidence: exactly what is masked
def masked_attention(Q, K, V, mask=None):
    scores = Q @ K.swapaxes(-2, -1) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores = scores + mask * -1e9
    attn = softmax(scores, axis=-1)
    return attn @ V, attn

# %% wrong: the weights are masked and shared out over the columns
# names: zeros-after-softmax, wrong-softmax-axis
# evidence: down the columns
def masked_attention(Q, K, V, mask=None):
    weights = softmax(Q @ K.swapaxes(-2, -1) / np.sqrt(Q.shape[-1]), axis=-2)
    if mask is not None:
        weights = weights * mask
    return weights @ V, weights

# %% wrong: the values are masked, and not the scores
# names: ignores-mask
# evidence: without `mask`
def masked_attention(Q, K, V, mask=None):
    weights = softmax(Q @ K.swapaxes(-2, -1) / np.sqrt(Q.shape[-1]))
    if mask is not None:
        V = np.where(np.swapaxes(mask, -1, -2)[..., :1], V, 0)
    return weights @ V, weights

# %% wrong: always causal, whatever the mask
# evidence: behind their own place
def masked_attention(Q, K, V, mask=None):
    scores = Q @ K.swapaxes(-2, -1) / np.sqrt(Q.shape[-1])
    n_q, n_k = scores.shape[-2:]
    scores = np.where(np.tri(n_q, n_k, dtype=bool), scores, -np.inf)
    weights = softmax(scores)
    return weights @ V, weights

# %% right: minus a huge number instead of -inf
def masked_attention(Q, K, V, mask=None):
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(K.shape[-1])
    if mask is not None:
        scores = scores + np.where(mask, 0.0, -1e9)
    weights = softmax(scores)
    return weights @ V, weights

# %% right: exponentials of what is left, shared out by hand
def masked_attention(Q, K, V, mask=None):
    scores = np.einsum("...qd,...kd->...qk", Q, K) / K.shape[-1] ** 0.5
    kept = True if mask is None else mask
    largest = np.max(scores, axis=-1, keepdims=True, where=kept, initial=-np.inf)
    powers = np.where(kept, np.exp(np.where(kept, scores - largest, 0)), 0)
    weights = powers / powers.sum(axis=-1, keepdims=True)
    return np.einsum("...qk,...kv->...qv", weights, V), weights

# %% right: tril and loops
def causal_mask(n):
    return np.tril(np.ones((n, n), dtype=bool))

def padding_mask(lengths, n):
    return np.stack([np.arange(n) < length for length in lengths])
