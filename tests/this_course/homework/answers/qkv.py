# Answers to lesson 4 as people write them; see dot_product.py for the form.

# %% wrong: keys and values exchanged
# names: swapped-k-v
def project_qkv(X, W_q, W_k, W_v):
    q = X @ W_q
    k = X @ W_v
    v = X @ W_k
    return q, k, v

# %% wrong: queries and keys exchanged in the return
# names: swapped-q-k
def project_qkv(X, W_q, W_k, W_v):
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    return K, Q, V

# %% wrong: comes back the other way round
# names: swapped-return, swapped-q-v
def project_qkv(X, W_q, W_k, W_v):
    return np.dot(X, W_v), np.dot(X, W_k), np.dot(X, W_q)

# %% wrong: one matrix for all three
# names: same-projection
def project_qkv(X, W_q, W_k, W_v):
    H = X @ W_q
    return H, H, H

# %% wrong: keys are made of the queries
# names: chained-projection
def project_qkv(X, W_q, W_k, W_v):
    Q = X @ W_q
    K = Q @ W_k if Q.shape[1] == W_k.shape[0] else X @ W_k @ W_k.T @ W_k
    V = X @ W_v
    return Q, K, V

# %% wrong: W x, as for column vectors
# names: weights-on-left
def project_qkv(X, W_q, W_k, W_v):
    return W_q @ X, W_k @ X, W_v @ X

# %% wrong: W transposed, as in torch's linear layer
# names: transposed-weight
def project_qkv(X, W_q, W_k, W_v):
    return X @ W_q.T, X @ W_k.T, X @ W_v.T

# %% wrong: a product entry by entry
# names: elementwise-product
def project_qkv(X, W_q, W_k, W_v):
    return X * W_q, X * W_k, X * W_v

# %% wrong: values are not projected
# names: input-as-values
def project_qkv(X, W_q, W_k, W_v):
    return X @ W_q, X @ W_k, X

# %% wrong: queries already scaled
# names: scaled-too-early
def project_qkv(X, W_q, W_k, W_v):
    Q = X @ W_q / np.sqrt(W_q.shape[1])
    return Q, X @ W_k, X @ W_v

# %% wrong: the result lies on its side
# names: transposed-result, tokens-as-columns
def project_qkv(X, W_q, W_k, W_v):
    X = np.asarray(X)
    return (X @ W_q).T, (X @ W_k).T, (X @ W_v).T

# %% wrong: one stacked array where the widths are equal, else an error
# names: stacked
def project_qkv(X, W_q, W_k, W_v):
    return np.stack([X @ W_q, X @ W_k, X @ W_v])

# %% wrong: only the queries
# names: only-queries
def project_qkv(X, W_q, W_k, W_v):
    return X @ W_q

# %% wrong: the first word alone
# names: one-row-only
def project_qkv(X, W_q, W_k, W_v):
    x = np.asarray(X)[0:1]
    return x @ W_q, x @ W_k, x @ W_v

# %% wrong: adds a bias of ones
# names: adds-a-bias
def project_qkv(X, W_q, W_k, W_v):
    return X @ W_q + 1, X @ W_k + 1, X @ W_v + 1

# %% wrong: whole numbers
# names: integer-buffer, rounded
def project_qkv(X, W_q, W_k, W_v):
    Q = np.zeros((len(X), W_q.shape[1]), dtype=int)
    Q[:] = X @ W_q
    return Q, X @ W_k, X @ W_v

# %% wrong: scores on their side: keys look at queries
# names: transposed-scores
def qk_scores(Q, K):
    return np.asarray(K) @ np.asarray(Q).T

# %% wrong: scaled already
# names: scaled-too-early
def qk_scores(Q, K):
    return np.asarray(Q, float) @ np.asarray(K, float).T / np.sqrt(np.shape(K)[1])

# %% wrong: scaled by d_k
# names: scaled-too-early
def qk_scores(Q, K):
    return Q @ K.T / K.shape[-1]

# %% wrong: shares already
# names: softmaxed-scores
def qk_scores(Q, K):
    s = Q @ K.T
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

# %% wrong: entry by entry, then added up: only for as many queries as keys
# names: elementwise-product, square-only
def qk_scores(Q, K):
    return (np.asarray(Q) * np.asarray(K)).sum(axis=1)

# %% wrong: no transposition: only fits by luck
# names: missing-transpose
def qk_scores(Q, K):
    return Q @ K

# %% wrong: transposes the wrong one
# names: tokens-as-columns
def qk_scores(Q, K):
    return np.asarray(Q).T @ np.asarray(K)

# %% wrong: cosines
# names: cosine-instead-of-dot
def qk_scores(Q, K):
    Q = Q / np.linalg.norm(Q, axis=1, keepdims=True)
    K = K / np.linalg.norm(K, axis=1, keepdims=True)
    return Q @ K.T

# %% wrong: distances
# names: distance
def qk_scores(Q, K):
    return np.sqrt(((np.asarray(Q)[:, None] - np.asarray(K)[None]) ** 2).sum(-1))

# %% wrong: queries against queries
# names: ignores-keys
def qk_scores(Q, K):
    return np.asarray(Q, float) @ np.asarray(Q, float).T

# %% wrong: buffer of the query's type
# names: integer-buffer
def qk_scores(Q, K):
    Q, K = np.asarray(Q), np.asarray(K)
    out = np.zeros((len(Q), len(K)), dtype=Q.dtype)
    for i in range(len(Q)):
        for j in range(len(K)):
            out[i, j] = (Q[i] * K[j]).sum()
    return out.astype(float)

# %% wrong: loops over as many keys as queries
# names: square-only
def qk_scores(Q, K):
    out = np.zeros((len(Q), len(K)))
    for i in range(len(Q)):
        for j in range(min(len(Q), len(K))):
            out[i, j] = np.dot(Q[i], K[j])
    return out

# %% wrong: absolute values
# names: unsigned-similarity
def qk_scores(Q, K):
    return np.abs(np.asarray(Q, float) @ np.asarray(K, float).T)

# %% wrong: minus sign
# names: negated
def qk_scores(Q, K):
    return -(np.asarray(Q, float) @ np.asarray(K, float).T)

# %% right
def project_qkv(X, W_q, W_k, W_v):
    return [np.asarray(X, float) @ np.asarray(W, float) for W in (W_q, W_k, W_v)]

# %% right
def project_qkv(X, W_q, W_k, W_v):
    project = lambda W: np.einsum("nd,dk->nk", np.asarray(X, float), np.asarray(W, float))
    return project(W_q), project(W_k), project(W_v)

# %% right
def project_qkv(X, W_q, W_k, W_v):
    Q = (np.asarray(W_q, float).T @ np.asarray(X, float).T).T
    K = (np.asarray(W_k, float).T @ np.asarray(X, float).T).T
    V = (np.asarray(W_v, float).T @ np.asarray(X, float).T).T
    return (Q, K, V)

# %% right
def project_qkv(X, W_q, W_k, W_v):
    out = []
    for W in (W_q, W_k, W_v):
        M = np.zeros((len(X), len(W[0])))
        for i in range(len(X)):
            for j in range(len(W[0])):
                M[i, j] = sum(X[i][t] * W[t][j] for t in range(len(W)))
        out.append(M)
    return tuple(out)

# %% right
def qk_scores(Q, K):
    return np.inner(np.asarray(Q, float), np.asarray(K, float))

# %% right
def qk_scores(Q, K):
    return (np.asarray(K, float) @ np.asarray(Q, float).T).T

# %% right
def qk_scores(Q, K):
    return np.array([[np.dot(q, k) for k in K] for q in Q], dtype=float)

# %% right
def qk_scores(Q, K):
    return np.tensordot(np.asarray(Q, float), np.asarray(K, float), axes=([1], [1]))

# %% right
def qk_scores(Q, K):
    return (np.asarray(Q, float)[:, None, :] * np.asarray(K, float)[None, :, :]).sum(-1)

# %% right
def project_qkv(X, W_q, W_k, W_v):
    def linear(W):
        return np.array([np.dot(row, W) for row in np.asarray(X)], dtype=np.float64)
    return linear(W_q), linear(W_k), linear(W_v)

# %% right
def qk_scores(Q, K):
    scores = np.empty((len(Q), len(K)), dtype=float)
    for j, key in enumerate(K):
        scores[:, j] = np.asarray(Q) @ key
    return scores

# %% wrong: keys and values swapped, all rounded
# names: swapped-k-v, rounded
def project_qkv(X, W_q, W_k, W_v):
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    return np.round(Q, 2), np.round(V, 2), np.round(K, 2)

# %% wrong: queries scaled and swapped with the keys
# names: swapped-q-k, scaled-too-early
def project_qkv(X, W_q, W_k, W_v):
    q = np.matmul(X, W_q) / np.sqrt(W_q.shape[1])
    k = np.matmul(X, W_k)
    return k, q, np.matmul(X, W_v)

# %% wrong: a dict with the three names
# evidence: in a dict
def project_qkv(X, W_q, W_k, W_v):
    return {"Q": X @ W_q, "K": X @ W_k, "V": X @ W_v}

# %% wrong: the bias of a linear layer, made of ones
# names: adds-a-bias
def project_qkv(X, W_q, W_k, W_v):
    ones = np.ones((len(X), 1))
    return X @ W_q + ones, X @ W_k + ones, X @ W_v + ones

# %% wrong: a ReLU after the projection
# names: negative-cut-off
def project_qkv(X, W_q, W_k, W_v):
    return tuple(np.maximum(X @ W, 0) for W in (W_q, W_k, W_v))

# %% wrong: softmax of each role
# evidence: rows that add up to 1
def project_qkv(X, W_q, W_k, W_v):
    def act(s):
        e = np.exp(s - s.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)
    return act(X @ W_q), act(X @ W_k), act(X @ W_v)

# %% wrong: normalises the tokens first
# evidence: mean 0 and spread 1
def project_qkv(X, W_q, W_k, W_v):
    X = np.asarray(X, float)
    X = (X - X.mean(axis=-1, keepdims=True)) / X.std(axis=-1, keepdims=True)
    return X @ W_q, X @ W_k, X @ W_v

# %% wrong: integer buffer of the tokens' type
# names: integer-buffer
# evidence: decimals were cut off
def project_qkv(X, W_q, W_k, W_v):
    roles = []
    for W in (W_q, W_k, W_v):
        out = np.zeros((X.shape[0], W.shape[1]), dtype=X.dtype)
        for i in range(X.shape[0]):
            for j in range(W.shape[1]):
                out[i, j] = sum(X[i, k] * W[k, j] for k in range(X.shape[1]))
        roles.append(out)
    return tuple(roles)

# %% wrong: only the first token
# names: one-row-only
def project_qkv(X, W_q, W_k, W_v):
    for token in X:
        return token @ W_q, token @ W_k, token @ W_v

# %% wrong: the inner loop leaves out the last feature
# names: leaves-out-last-feature
def project_qkv(X, W_q, W_k, W_v):
    X = np.asarray(X, float)
    return X[:, :-1] @ W_q[:-1], X[:, :-1] @ W_k[:-1], X[:, :-1] @ W_v[:-1]

# %% wrong: values made with the keys' matrix, everything transposed
# names: same-projection, tokens-as-columns
def project_qkv(X, W_q, W_k, W_v):
    return (X @ W_q).T, (X @ W_k).T, (X @ W_k).T

# %% wrong: scaled by sqrt(d_k) and absolute
# names: scaled-too-early, unsigned-similarity
def qk_scores(Q, K):
    return np.abs(np.asarray(Q) @ np.asarray(K).T) / np.sqrt(np.shape(Q)[1])

# %% wrong: softmax and transposed
# names: softmaxed-scores, transposed-scores
def qk_scores(Q, K):
    s = np.asarray(K, float) @ np.asarray(Q, float).T
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

# %% wrong: cosines, scaled
# names: cosine-instead-of-dot, scaled-too-early
def qk_scores(Q, K):
    q = Q / np.linalg.norm(Q, axis=1, keepdims=True)
    k = K / np.linalg.norm(K, axis=1, keepdims=True)
    return q @ k.T / np.sqrt(Q.shape[1])

# %% wrong: the diagonal alone is filled
# names: square-only
# evidence: off the diagonal
def qk_scores(Q, K):
    out = np.zeros((len(Q), len(K)))
    for i, (q, k) in enumerate(zip(Q, K)):
        out[i, i] = q @ k
    return out

# %% wrong: loops over n_q in both directions
# names: square-only
# evidence: result is not square
def qk_scores(Q, K):
    n = Q.shape[0]
    scores = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            scores[i][j] = np.sum(Q[i] * K[j % len(K)])
    return scores

# %% wrong: a list of lists that misses the last key
# names: leaves-out-last
# evidence: everything but the last column
def qk_scores(Q, K):
    return np.array([[float(np.dot(q, K[j])) for j in range(len(K) - 1)] for q in Q])

# %% right
def project_qkv(X, W_q, W_k, W_v):
    return [np.tensordot(np.asarray(X, float), W, 1) for W in (W_q, W_k, W_v)]

# %% right
def project_qkv(X, W_q, W_k, W_v):
    both = np.asarray(X, float) @ np.hstack([W_q, W_k, W_v])
    a, b = np.shape(W_q)[1], np.shape(W_q)[1] + np.shape(W_k)[1]
    return both[:, :a], both[:, a:b], both[:, b:]

# %% right
def qk_scores(Q, K):
    return np.array([[float(q @ k) for k in np.asarray(K, float)] for q in np.asarray(Q, float)])

# %% right
def qk_scores(Q, K):
    return (np.asarray(K, float) @ np.asarray(Q, float).T).T
