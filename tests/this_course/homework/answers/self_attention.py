# Answers to lesson 5 as people write them; see dot_product.py for the form.

# %% wrong: no scale
# names: missing-scale
def scaled_dot_product_attention(Q, K, V):
    attn = softmax(np.matmul(Q, K.T))
    return np.matmul(attn, V), attn

# %% wrong: divided by d_k
# names: scale-by-d-k
def scaled_dot_product_attention(Q, K, V):
    d_k = Q.shape[-1]
    weights = softmax(Q @ K.T / d_k, axis=-1)
    return weights @ V, weights

# %% wrong: the root of the width of V
# names: scale-by-sqrt-d-v
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(V.shape[1]), axis=-1)
    return weights @ V, weights

# %% wrong: the root of the number of keys
# names: scale-by-sqrt-n
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(K.shape[0]), axis=-1)
    return weights @ V, weights

# %% wrong: the root of the number of queries
# names: scale-by-sqrt-n
def scaled_dot_product_attention(Q, K, V):
    d = len(Q)
    weights = softmax((Q @ K.T) / d ** 0.5, axis=-1)
    return weights @ V, weights

# %% wrong: multiplied by the root
# names: multiplied-scale
def scaled_dot_product_attention(Q, K, V):
    scale = np.sqrt(K.shape[1])
    w = softmax(Q @ K.T * scale, axis=-1)
    return w @ V, w

# %% wrong: Q and K are both scaled by the root
# names: scaled-twice, scale-by-d-k
def scaled_dot_product_attention(Q, K, V):
    s = np.sqrt(Q.shape[1])
    w = softmax((Q / s) @ (K / s).T, axis=-1)
    return w @ V, w

# %% wrong: the root is cut to a whole number
# names: integer-scale
def scaled_dot_product_attention(Q, K, V):
    w = softmax(Q @ K.T / int(K.shape[1] ** 0.5), axis=-1)
    return w @ V, w

# %% wrong: power before division: d_k ** 1 / 2
# names: halved-d-k, scale-by-d-k
def scaled_dot_product_attention(Q, K, V):
    w = softmax(Q @ K.T / (K.shape[1] ** 1 / 2), axis=-1)
    return w @ V, w

# %% wrong: scales the weights
# names: scale-after-softmax
def scaled_dot_product_attention(Q, K, V):
    w = softmax(Q @ K.T, axis=-1) / np.sqrt(K.shape[-1])
    return w @ V, w

# %% wrong: softmax down the columns
# names: wrong-softmax-axis
def scaled_dot_product_attention(Q, K, V):
    w = softmax(Q @ K.T / np.sqrt(K.shape[-1]), axis=0)
    return w @ V, w

# %% wrong: softmax over everything
# names: global-normalisation
def scaled_dot_product_attention(Q, K, V):
    s = Q @ K.T / np.sqrt(K.shape[-1])
    w = np.exp(s) / np.sum(np.exp(s))
    return w @ V, w

# %% wrong: no softmax
# names: no-softmax
def scaled_dot_product_attention(Q, K, V):
    w = Q @ K.T / np.sqrt(K.shape[-1])
    return w @ V, w

# %% wrong: shares without exp
# names: no-softmax, no-exp
def scaled_dot_product_attention(Q, K, V):
    s = Q @ K.T / np.sqrt(K.shape[-1])
    w = s / s.sum(axis=-1, keepdims=True)
    return w @ V, w

# %% wrong: softmax twice
# names: applied-twice
def scaled_dot_product_attention(Q, K, V):
    w = softmax(softmax(Q @ K.T / np.sqrt(K.shape[-1]), axis=-1), axis=-1)
    return w @ V, w

# %% wrong: mixes the keys
# names: keys-as-values
def scaled_dot_product_attention(Q, K, V):
    w = softmax(Q @ K.T / np.sqrt(K.shape[-1]), axis=-1)
    return w @ K, w

# %% wrong: the weights are transposed before mixing
# names: transposed-weights
def scaled_dot_product_attention(Q, K, V):
    w = softmax(Q @ K.T / np.sqrt(K.shape[-1]), axis=-1)
    return w.T @ V[: w.shape[0]] if w.shape[0] <= len(V) else w.T @ V, w

# %% wrong: weights first, output second
# names: swapped-return
def scaled_dot_product_attention(Q, K, V):
    w = softmax(Q @ K.T / np.sqrt(K.shape[-1]), axis=-1)
    return w, w @ V

# %% wrong: output alone
# names: only-output
def scaled_dot_product_attention(Q, K, V):
    w = softmax(Q @ K.T / np.sqrt(K.shape[-1]), axis=-1)
    return w @ V

# %% wrong: weights alone
# names: only-weights
def scaled_dot_product_attention(Q, K, V):
    return softmax(Q @ K.T / np.sqrt(K.shape[-1]), axis=-1)

# %% wrong: scores for weights in the return
# names: returns-scores
def scaled_dot_product_attention(Q, K, V):
    s = Q @ K.T / np.sqrt(K.shape[-1])
    return softmax(s, axis=-1) @ V, s

# %% wrong: later positions hidden
# names: causal-mask
def scaled_dot_product_attention(Q, K, V):
    s = Q @ K.T / np.sqrt(K.shape[-1])
    mask = np.triu(np.ones(s.shape), k=1).astype(bool)
    s[mask] = -1e9
    w = softmax(s, axis=-1)
    return w @ V, w

# %% wrong: own softmax without a shift
# names: unstable-softmax
def scaled_dot_product_attention(Q, K, V):
    e = np.exp(Q @ K.T / np.sqrt(K.shape[-1]))
    w = e / e.sum(axis=-1, keepdims=True)
    return w @ V, w

# %% wrong: own softmax with one maximum for everything
# names: global-max, unstable-softmax
def scaled_dot_product_attention(Q, K, V):
    s = Q @ K.T / np.sqrt(K.shape[-1])
    e = np.exp(s - s.max())
    w = e / e.sum(axis=-1, keepdims=True)
    return w @ V, w

# %% wrong: queries and keys exchanged: every key looks at the queries
# names: wrong-softmax-axis, swapped-q-k
def scaled_dot_product_attention(Q, K, V):
    w = softmax(K @ Q.T / np.sqrt(K.shape[-1]), axis=-1)
    return w.T @ V, w.T

# %% wrong: cosines for dot products
# names: cosine-instead-of-dot
def scaled_dot_product_attention(Q, K, V):
    q = Q / np.linalg.norm(Q, axis=-1, keepdims=True)
    k = K / np.linalg.norm(K, axis=-1, keepdims=True)
    w = softmax(q @ k.T / np.sqrt(K.shape[-1]), axis=-1)
    return w @ V, w

# %% wrong: rounds the weights
# names: rounded
def scaled_dot_product_attention(Q, K, V):
    w = np.round(softmax(Q @ K.T / np.sqrt(K.shape[-1]), axis=-1), 4)
    return w @ V, w

# %% wrong: dropout left in
# evidence: the same call comes again
def scaled_dot_product_attention(Q, K, V):
    w = softmax(Q @ K.T / np.sqrt(K.shape[-1]), axis=-1)
    w = w * (np.random.rand(*w.shape) > 0.1)
    return w @ V, w

# %% wrong: the mean of the values, whatever the weights
# names: ignores-weights
def scaled_dot_product_attention(Q, K, V):
    w = softmax(Q @ K.T / np.sqrt(K.shape[-1]), axis=-1)
    return np.repeat(V.mean(axis=0, keepdims=True), len(Q), axis=0), w

# %% wrong: adds the query to the output
# names: residual
def scaled_dot_product_attention(Q, K, V):
    w = softmax(Q @ K.T / np.sqrt(K.shape[-1]), axis=-1)
    out = w @ V
    return (out + Q if out.shape == Q.shape else out + out), w

# %% wrong: batches assumed: transposes the first axes
# names: heads-assumed
def scaled_dot_product_attention(Q, K, V):
    s = np.matmul(Q, np.transpose(K, (0, 2, 1))) / np.sqrt(K.shape[-1])
    w = softmax(s, axis=-1)
    return np.matmul(w, V), w

# %% wrong: no projections
# names: no-projection
def self_attention(X, W_q, W_k, W_v):
    return scaled_dot_product_attention(X, X, X)

# %% wrong: the values are the input
# names: input-as-values
def self_attention(X, W_q, W_k, W_v):
    return scaled_dot_product_attention(X @ W_q, X @ W_k, X)

# %% wrong: one projection for all
# names: same-projection
def self_attention(X, W_q, W_k, W_v):
    H = X @ W_q
    return scaled_dot_product_attention(H, H, H)

# %% wrong: keys and values exchanged
# names: swapped-k-v, keys-as-values
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    s = Q @ K.T / np.sqrt(K.shape[1])
    w = softmax(s, axis=-1)
    return w @ K, w

# %% wrong: queries and keys exchanged
# names: swapped-q-k
def self_attention(X, W_q, W_k, W_v):
    K, Q, V = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, V)

# %% wrong: scaled by the width of the embeddings
# names: scale-by-sqrt-d-model
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    w = softmax(Q @ K.T / np.sqrt(X.shape[1]), axis=-1)
    return w @ V, w

# %% wrong: output alone
# names: only-output
def self_attention(X, W_q, W_k, W_v):
    output, weights = scaled_dot_product_attention(*project_qkv(X, W_q, W_k, W_v))
    return output

# %% wrong: weights first
# names: swapped-return
def self_attention(X, W_q, W_k, W_v):
    output, weights = scaled_dot_product_attention(*project_qkv(X, W_q, W_k, W_v))
    return weights, output

# %% wrong: the input is added to the output
# names: residual
def self_attention(X, W_q, W_k, W_v):
    out, w = scaled_dot_product_attention(X @ W_q, X @ W_k, X @ W_v)
    return (out + X if out.shape == X.shape else 2 * out), w

# %% wrong: transposed projections
# names: transposed-weight
def self_attention(X, W_q, W_k, W_v):
    return scaled_dot_product_attention(X @ W_q.T, X @ W_k.T, X @ W_v.T)

# %% wrong: attention of attention
# names: applied-twice
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    out, w = scaled_dot_product_attention(Q, K, V)
    return w @ out, w

# %% right
def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(M, float) for M in (Q, K, V))
    scores = np.einsum("qd,kd->qk", Q, K) / np.sqrt(Q.shape[1])
    weights = softmax(scores, axis=1)
    return np.einsum("qk,kv->qv", weights, V), weights

# %% right
def scaled_dot_product_attention(Q, K, V):
    scores = np.asarray(Q, float) * np.shape(K)[1] ** -0.5 @ np.asarray(K, float).T
    scores -= scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores)
    weights /= weights.sum(axis=-1, keepdims=True)
    return [weights @ np.asarray(V, float), weights]

# %% right
def scaled_dot_product_attention(Q, K, V):
    Q, K, V = np.asarray(Q, float), np.asarray(K, float), np.asarray(V, float)
    outputs, rows = [], []
    for q in Q:
        row = softmax(np.array([q @ k for k in K]) / np.sqrt(len(q)))
        rows.append(row)
        outputs.append(sum(w * v for w, v in zip(row, V)))
    return np.array(outputs), np.array(rows)

# %% right
def scaled_dot_product_attention(Q, K, V):
    w = softmax((np.asarray(K, float) @ np.asarray(Q, float).T / np.sqrt(np.shape(Q)[-1])).T)
    return (np.asarray(V, float).T @ w.T).T, w

# %% right
def scaled_dot_product_attention(Q, K, V):
    s = np.inner(np.asarray(Q, float), np.asarray(K, float)) / np.sqrt(float(np.shape(K)[-1]))
    w = np.exp(s - np.log(np.exp(s - s.max(-1, keepdims=True)).sum(-1, keepdims=True)) - s.max(-1, keepdims=True))
    return np.matmul(w, V), w

# %% right
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, V)

# %% right
def self_attention(X, W_q, W_k, W_v):
    X = np.asarray(X, float)
    scores = X @ (np.asarray(W_q, float) @ np.asarray(W_k, float).T) @ X.T
    weights = softmax(scores / np.sqrt(np.shape(W_k)[1]))
    return weights @ X @ np.asarray(W_v, float), weights

# %% right
def self_attention(X, W_q, W_k, W_v):
    X = np.asarray(X, float)
    d_k = np.shape(W_q)[1]
    W = np.hstack([W_q, W_k, W_v])
    Q, K, V = np.split(X @ W, [d_k, 2 * d_k], axis=1)
    return tuple(scaled_dot_product_attention(Q, K, V))

# %% right
def self_attention(X, W_q, W_k, W_v):
    import math
    Q, K, V = np.dot(X, W_q), np.dot(X, W_k), np.dot(X, W_v)
    scores = [[float(np.dot(q, k)) / math.sqrt(len(q)) for k in K] for q in Q]
    weights = np.array([softmax(row) for row in scores])
    return weights.dot(V), weights

# %% right
def scaled_dot_product_attention(Q, K, V):
    d_k = np.shape(K)[-1]
    bigger = np.asarray(Q, dtype=np.longdouble) @ np.asarray(K, dtype=np.longdouble).T
    weights = softmax((bigger / np.sqrt(d_k)).astype(float))
    return weights @ V, weights

# %% right
def self_attention(X, W_q, W_k, W_v):
    class Attention:
        def __init__(self, *matrices):
            self.matrices = matrices
        def __call__(self, X):
            return scaled_dot_product_attention(*(np.asarray(X) @ W for W in self.matrices))
    return Attention(W_q, W_k, W_v)(X)

# %% wrong: no scale and the return the other way round
# names: missing-scale, swapped-return
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T, axis=-1)
    return weights, weights @ V

# %% wrong: scale by d_k, only the output
# names: scale-by-d-k, only-output
def scaled_dot_product_attention(Q, K, V):
    return softmax(Q @ K.T / K.shape[-1]) @ V

# %% wrong: column softmax, keys mixed
# names: wrong-softmax-axis, keys-as-values
def scaled_dot_product_attention(Q, K, V):
    A = softmax(Q @ K.T / np.sqrt(Q.shape[1]), axis=0)
    return A @ K, A

# %% wrong: a mask and no scale
# names: causal-mask, missing-scale
def scaled_dot_product_attention(Q, K, V):
    s = Q @ K.T
    mask = np.triu(np.ones(s.shape, dtype=bool), k=1)
    s[mask] = -np.inf
    A = softmax(s, axis=-1)
    return A @ V, A

# %% wrong: heads: transposes the last two axes of a batch that is not there
# names: heads-assumed
def scaled_dot_product_attention(Q, K, V):
    s = np.matmul(Q, K.transpose(0, 2, 1)) / np.sqrt(K.shape[-1])
    A = softmax(s, axis=-1)
    return np.matmul(A, V), A

# %% wrong: adds a head axis and leaves it there
# names: heads-assumed
# evidence: another shape
def scaled_dot_product_attention(Q, K, V):
    Q, K, V = Q[None], K[None], V[None]
    s = Q @ K.swapaxes(-1, -2) / np.sqrt(K.shape[-1])
    A = softmax(s, axis=-1)
    return A @ V, A

# %% wrong: softmax over everything, and not stable
# names: global-normalisation, unstable-softmax
def scaled_dot_product_attention(Q, K, V):
    e = np.exp(Q @ K.T / np.sqrt(K.shape[1]))
    A = e / e.sum()
    return A @ V, A

# %% wrong: averages the output over queries
# names: one-row-only
def scaled_dot_product_attention(Q, K, V):
    A = softmax(Q @ K.T / np.sqrt(K.shape[1]))
    return (A @ V).mean(axis=0), A

# %% wrong: output divided by its norm
# names: normalised-output
def scaled_dot_product_attention(Q, K, V):
    A = softmax(Q @ K.T / np.sqrt(K.shape[1]))
    out = A @ V
    return out / np.linalg.norm(out, axis=1, keepdims=True), A

# %% wrong: dot products squared, no scale
# names: unsigned-similarity, missing-scale
def scaled_dot_product_attention(Q, K, V):
    A = softmax((Q @ K.T) ** 2)
    return A @ V, A

# %% wrong: rounds the weights to whole numbers
# names: rounded
# evidence: rounded to no decimals
def scaled_dot_product_attention(Q, K, V):
    A = np.round(softmax(Q @ K.T / np.sqrt(K.shape[1])))
    return A @ V, A

# %% wrong: softmax, then divided by the root, then softmax again
# names: applied-twice, scale-after-softmax, missing-scale
def scaled_dot_product_attention(Q, K, V):
    A = softmax(softmax(Q @ K.T) / np.sqrt(K.shape[1]))
    return A @ V, A

# %% wrong: weights of the values, i.e. K and V exchanged in the mixture and comparison
# names: swapped-k-v
def self_attention(X, W_q, W_k, W_v):
    Q, V, K = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, V)

# %% wrong: X itself is mixed, without scale
# names: input-as-values, missing-scale
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    A = softmax(Q @ K.T)
    return A @ X, A

# %% wrong: W_q for all and only the output
# names: same-projection, only-output
def self_attention(X, W_q, W_k, W_v):
    out, _ = scaled_dot_product_attention(*project_qkv(X, W_q, W_q, W_q))
    return out

# %% wrong: output projected once more
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    out, A = scaled_dot_product_attention(Q, K, X)
    return (A @ V), softmax(A)

# %% wrong: scale by the root of the model's width, and the return the other way round
# names: scale-by-sqrt-d-model, swapped-return
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    A = softmax(qk_scores(Q, K) / np.sqrt(X.shape[1]))
    return A, A @ V

# %% wrong: exchanged Q and K
# names: swapped-q-k
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(K, Q, V)

# %% right
def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(a, float) for a in (Q, K, V))
    A = softmax((Q / np.sqrt(Q.shape[1])) @ K.T, axis=1)
    return A.dot(V), A

# %% right
def scaled_dot_product_attention(Q, K, V):
    Q, K, V = (np.asarray(a, float) for a in (Q, K, V))
    rows = [softmax(np.array([q @ k for k in K]) / len(q) ** 0.5) for q in Q]
    A = np.vstack(rows)
    return np.array([sum(a * v for a, v in zip(row, V)) for row in A]), A

# %% right
def self_attention(X, W_q, W_k, W_v):
    X = np.asarray(X, float)
    output, weights = scaled_dot_product_attention(X @ W_q, X @ W_k, X @ W_v)
    return [output, weights]

# %% right
def self_attention(X, W_q, W_k, W_v):
    X = np.asarray(X, float)
    s = (X @ W_q) @ (X @ W_k).T * (np.shape(W_k)[1] ** -0.5)
    A = softmax(s, -1)
    return A @ (X @ W_v), A
