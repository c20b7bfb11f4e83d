# Answers to lesson 11 as people write them; see dot_product.py for the form.

# %% wrong: keys and values from the decoder
# names: ignores-y
def cross_attention(X, Y, W_q, W_k, W_v):
    return scaled_dot_product_attention(X @ W_q, X @ W_k, X @ W_v)

# %% wrong: the encoder asks
# names: swapped-sentences
def cross_attention(X, Y, W_q, W_k, W_v):
    return scaled_dot_product_attention(Y @ W_q, X @ W_k, X @ W_v)

# %% wrong: only the values come from Y
# names: keys-from-x
def cross_attention(X, Y, W_q, W_k, W_v):
    Q, K, V = X @ W_q, X @ W_k, Y @ W_v
    return scaled_dot_product_attention(Q, K, V)

# %% wrong: only the keys come from Y
# names: values-from-x
def cross_attention(X, Y, W_q, W_k, W_v):
    Q, K, V = X @ W_q, Y @ W_k, X @ W_v
    return scaled_dot_product_attention(Q, K, V)

# %% wrong: self-attention of Y
# names: queries-from-y
def cross_attention(X, Y, W_q, W_k, W_v):
    return scaled_dot_product_attention(Y @ W_q, Y @ W_k, Y @ W_v)

# %% wrong: the sentences are glued together
# names: glued-sentences
def cross_attention(X, Y, W_q, W_k, W_v):
    both = np.concatenate([X, Y])
    return scaled_dot_product_attention(X @ W_q, both @ W_k, both @ W_v)

# %% wrong: values without their matrix
# names: input-as-values
def cross_attention(X, Y, W_q, W_k, W_v):
    return scaled_dot_product_attention(X @ W_q, Y @ W_k, Y)

# %% wrong: the weights look from Y to X
# names: transposed-weights
def cross_attention(X, Y, W_q, W_k, W_v):
    output, weights = scaled_dot_product_attention(X @ W_q, Y @ W_k, Y @ W_v)
    return output, weights.T

# %% wrong: W_k makes the values
# names: swapped-k-v
def cross_attention(X, Y, W_q, W_k, W_v):
    Q, K, V = X @ W_q, Y @ W_v, Y @ W_k
    return scaled_dot_product_attention(Q, K, V)

# %% wrong: no scale
# names: missing-scale
def cross_attention(X, Y, W_q, W_k, W_v):
    scores = X @ W_q @ (Y @ W_k).T
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ (Y @ W_v), weights

# %% right: by hand
def cross_attention(X, Y, W_q, W_k, W_v):
    scores = X @ W_q @ (Y @ W_k).T / np.sqrt(W_k.shape[1])
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ (Y @ W_v), weights
