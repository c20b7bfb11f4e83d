# Answers to lesson 9 as people write them; see dot_product.py for the form.

# %% wrong: 10000 ** (i / d) with i of every column
# names: speed-of-each-column
def sinusoidal_positions(n, d):
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(d) / d)
    angles[:, 0::2] = np.sin(angles[:, 0::2])
    angles[:, 1::2] = np.cos(angles[:, 1::2])
    return angles

# %% wrong: sines in front and cosines behind, as in a Keras tutorial
# names: stacked-halves
def sinusoidal_positions(n, d):
    angles = np.arange(n)[:, None] / 10000 ** (2 * np.arange(d // 2) / d)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=-1)

# %% wrong: i / d where 2i / d is meant
# names: half-the-exponent
def sinusoidal_positions(n, d):
    P = np.zeros((n, d))
    for p in range(n):
        for i in range(d // 2):
            P[p, 2 * i] = np.sin(p / 10000 ** (i / d))
            P[p, 2 * i + 1] = np.cos(p / 10000 ** (i / d))
    return P

# %% wrong: positions from 1 to n
# names: counts-from-one
def sinusoidal_positions(n, d):
    P = np.zeros((n, d))
    angles = np.arange(1, n + 1)[:, None] * np.exp(-np.log(10000) * np.arange(0, d, 2) / d)
    P[:, 0::2], P[:, 1::2] = np.sin(angles), np.cos(angles)
    return P

# %% wrong: the exponent doubled once more
# names: doubled-exponent
def sinusoidal_positions(n, d):
    P = np.zeros((n, d))
    for i in range(0, d, 2):
        angle = np.arange(n) / 10000 ** (2 * i / d)
        P[:, i], P[:, i + 1] = np.sin(angle), np.cos(angle)
    return P

# %% wrong: 1000 for 10000
# evidence: other speeds
def sinusoidal_positions(n, d):
    P = np.zeros((n, d))
    angles = np.arange(n)[:, None] / 1000 ** (np.arange(0, d, 2) / d)
    P[:, 0::2], P[:, 1::2] = np.sin(angles), np.cos(angles)
    return P

# %% wrong: degrees
# evidence: other speeds
def sinusoidal_positions(n, d):
    P = np.zeros((n, d))
    angles = np.deg2rad(np.arange(n)[:, None] / 10000 ** (np.arange(0, d, 2) / d))
    P[:, 0::2], P[:, 1::2] = np.sin(angles), np.cos(angles)
    return P

# %% wrong: sines alone
# evidence: the same
def sinusoidal_positions(n, d):
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(0, d, 2) / d)
    return np.repeat(np.sin(angles), 2, axis=1)

# %% wrong: no skip connection
# names: no-residual
def attend(X, layer):
    W_q, W_k, W_v = layer
    return self_attention(X, W_q, W_k, W_v)

# %% wrong: X += output
# names: mutates-input
def attend(X, layer):
    output, weights = self_attention(X, *layer)
    X += output
    return X, weights

# %% wrong: the mean of both
# names: scaled-residual
# evidence: the mean of a token
def attend(X, layer):
    output, weights = self_attention(X, *layer)
    return (X + output) / 2, weights

# %% wrong: multiplied with X
# names: scaled-residual
def attend(X, layer):
    output, weights = self_attention(X, *layer)
    return X * output, weights

# %% wrong: every layer gets the first X
# names: layers-side-by-side
def stack(X, layers):
    weights = []
    for layer in layers:
        out, w = attend(X, layer)
        weights.append(w)
    return out, weights

# %% wrong: returns inside the loop
# evidence: the first layer alone
def stack(X, layers):
    weights = []
    for layer in layers:
        X, w = attend(X, layer)
        weights.append(w)
        return X, weights

# %% wrong: the residual is added a second time
# names: residual-twice
# evidence: holds them already
def stack(X, layers):
    weights = []
    for layer in layers:
        out, w = attend(X, layer)
        X = X + out
        weights.append(w)
    return X, weights

# %% right: div_term of the torch tutorial
def sinusoidal_positions(n, d):
    pe = np.zeros((n, d))
    position = np.arange(n)[:, np.newaxis]
    div_term = np.exp(np.arange(0, d, 2) * -(np.log(10000.0) / d))
    pe[:, 0::2] = np.sin(position * div_term)
    pe[:, 1::2] = np.cos(position * div_term)
    return pe

# %% right: a loop by index, weights in an array
def stack(X, layers):
    looks = []
    for number in range(len(layers)):
        X, one = attend(X, layers[number])
        looks = looks + [one]
    return X, looks
