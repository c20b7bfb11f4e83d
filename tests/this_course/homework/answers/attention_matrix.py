# Answers to lesson 3 as people write them; see dot_product.py for the form.

# %% wrong: no scaling
# names: missing-scale
def attention_scores(X):
    X = np.asarray(X, float)
    return np.matmul(X, X.transpose())

# %% wrong: divides by d
# names: scale-by-d
def attention_scores(X):
    n, d = np.shape(X)
    return np.dot(X, np.transpose(X)) / d

# %% wrong: divides by the root of the number of words
# names: scale-by-sqrt-n
def attention_scores(X):
    X = np.asarray(X, float)
    d_k = len(X)
    return X @ X.T / np.sqrt(d_k)

# %% wrong: the root is cut to a whole number
# names: integer-scale
def attention_scores(X):
    X = np.asarray(X, float)
    return X @ X.T / int(np.sqrt(X.shape[1]))

# %% wrong: whole-number division
# names: integer-scale, floor-division
def attention_scores(X):
    X = np.asarray(X, float)
    return X @ X.T // np.sqrt(X.shape[1])

# %% wrong: multiplies by the root
# names: multiplied-scale
def attention_scores(X):
    X = np.asarray(X, float)
    return X @ X.T * np.sqrt(X.shape[-1])

# %% wrong: precedence: divides by d, then multiplies nothing: power before division
# names: scaled-twice, scale-by-d
def attention_scores(X):
    X = np.asarray(X, float)
    scale = X.shape[1] ** 1 / 2
    return X @ X.T / scale

# %% wrong: scales X twice
# names: scale-by-d, scaled-twice
def attention_scores(X):
    Xs = np.asarray(X, float) / np.sqrt(np.shape(X)[1])
    return Xs @ Xs.T

# %% wrong: columns for words
# names: tokens-as-columns
def attention_scores(X):
    X = np.asarray(X, float)
    return X.T @ X / np.sqrt(X.shape[1])

# %% wrong: cosines
# names: cosine-instead-of-dot
def attention_scores(X):
    X = np.asarray(X, float)
    Xn = X / np.linalg.norm(X, axis=1, keepdims=True)
    return Xn @ Xn.T

# %% wrong: distances
# names: distance
def attention_scores(X):
    X = np.asarray(X, float)
    return -np.linalg.norm(X[:, None] - X[None], axis=-1) / np.sqrt(X.shape[1])

# %% wrong: the buffer takes the type of the embeddings
# names: integer-buffer
def attention_scores(X):
    X = np.asarray(X)
    S = np.zeros((len(X), len(X)), dtype=X.dtype)
    for i in range(len(X)):
        for j in range(len(X)):
            S[i, j] = X[i] @ X[j] / np.sqrt(X.shape[1])
    return S.astype(float)

# %% wrong: half the matrix stays empty
# names: triangle-only, causal-mask
def attention_scores(X):
    X = np.asarray(X, float)
    n, d = X.shape
    S = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            S[i, j] = X[i] @ X[j] / np.sqrt(d)
    return S

# %% wrong: a word does not score itself
# names: ignores-itself
def attention_scores(X):
    X = np.asarray(X, float)
    S = X @ X.T / np.sqrt(X.shape[1])
    np.fill_diagonal(S, 0)
    return S

# %% wrong: already shares
# names: softmaxed-scores
def attention_scores(X):
    X = np.asarray(X, float)
    return softmax(X @ X.T / np.sqrt(X.shape[1]))

# %% wrong: softmax down the columns
# names: wrong-softmax-axis
def attention_matrix(X):
    return softmax(attention_scores(X), axis=0)

# %% wrong: everything together sums to 1
# names: global-normalisation
def attention_matrix(X):
    s = attention_scores(X)
    e = np.exp(s - s.max())
    return e / e.sum()

# %% wrong: no softmax
# names: no-softmax
def attention_matrix(X):
    return attention_scores(X)

# %% wrong: scores divided by their row sums
# names: no-softmax, no-exp
def attention_matrix(X):
    s = attention_scores(X)
    return s / s.sum(axis=1, keepdims=True)

# %% wrong: softmax twice
# names: applied-twice
def attention_matrix(X):
    return softmax(softmax(attention_scores(X)))

# %% wrong: softmax of unscaled scores
# names: missing-scale
def attention_matrix(X):
    X = np.asarray(X, float)
    return softmax(X @ X.T, axis=1)

# %% wrong: scaled again inside
# names: scaled-twice, scale-by-d
def attention_matrix(X):
    return softmax(attention_scores(X) / np.sqrt(np.shape(X)[1]), axis=-1)

# %% wrong: the scale comes after softmax
# names: scale-after-softmax
def attention_matrix(X):
    X = np.asarray(X, float)
    return softmax(X @ X.T, axis=-1) / np.sqrt(X.shape[1])

# %% wrong: only the best word
# names: hard-argmax
def attention_matrix(X):
    s = attention_scores(X)
    out = np.zeros_like(s)
    out[np.arange(len(s)), s.argmax(axis=1)] = 1
    return out

# %% wrong: later words hidden
# names: causal-mask
def attention_matrix(X):
    s = attention_scores(X)
    s = np.where(np.tril(np.ones_like(s)) == 1, s, -np.inf)
    return softmax(s, axis=-1)

# %% wrong: sums of weights only
# names: rows-only
def attention_matrix(X):
    return softmax(attention_scores(X), axis=-1).mean(axis=0)

# %% wrong: rounded shares
# names: rounded
def attention_matrix(X):
    return softmax(attention_scores(X), axis=-1).round(2)

# %% wrong: weights on the wrong side
# names: transposed-weights
def blend(weights, X):
    return np.asarray(weights, float).T @ np.asarray(X, float)

# %% wrong: X on the left
# names: wrong-order
def blend(weights, X):
    return np.dot(np.asarray(X).T, np.asarray(weights).T)

# %% wrong: elementwise with broadcasting, for one row
# names: one-row-only
def blend(weights, X):
    w = np.asarray(weights, float)[0]
    return (w[:, None] * np.asarray(X, float)).sum(axis=0, keepdims=True)

# %% wrong: averages over the words once more
# names: mean-instead-of-sum
def blend(weights, X):
    w, X = np.asarray(weights, float), np.asarray(X, float)
    return (w[:, :, None] * X[None]).mean(axis=1)

# %% wrong: normalises the weights again
# names: normalises-again
def blend(weights, X):
    w = np.asarray(weights, float)
    return w / w.sum(axis=1, keepdims=True) @ np.asarray(X, float)

# %% wrong: softmax of the weights
# names: applied-twice
def blend(weights, X):
    return softmax(weights, axis=-1) @ np.asarray(X, float)

# %% wrong: buffer of X's type
# names: integer-buffer
def blend(weights, X):
    X = np.asarray(X)
    out = np.zeros((len(weights), X.shape[1]), dtype=X.dtype)
    for i, row in enumerate(weights):
        out[i] = sum(w * x for w, x in zip(row, X))
    return out.astype(float)

# %% wrong: buffer shaped like X, although there may be another number of recipes
# names: square-only
def blend(weights, X):
    out = np.zeros(np.shape(X))
    for i in range(len(X)):
        for j in range(len(X)):
            out[i] += np.asarray(weights, float)[i, j] * np.asarray(X, float)[j]
    return out

# %% wrong: the last word is forgotten
# names: leaves-out-last
def blend(weights, X):
    w, X = np.asarray(weights, float), np.asarray(X, float)
    out = np.zeros((w.shape[0], X.shape[1]))
    for i in range(w.shape[0]):
        for j in range(w.shape[1] - 1):
            out[i] += w[i, j] * X[j]
    return out

# %% wrong: the row with the largest weight, not a mixture
# names: hard-argmax
def blend(weights, X):
    return np.asarray(X, float)[np.argmax(weights, axis=1)]

# %% wrong: column for row
# names: reads-column
def most_attended(weights, i):
    return int(np.argmax(np.asarray(weights)[:, i]))

# %% wrong: the weight, not the index
# names: value-instead-of-index
def most_attended(weights, i):
    return float(np.max(np.asarray(weights)[i]))

# %% wrong: the least attended
# names: smallest
def most_attended(weights, i):
    return int(np.argmin(np.asarray(weights)[i]))

# %% wrong: a word may not look at itself
# names: ignores-itself
def most_attended(weights, i):
    row = np.array(weights[i], float)
    row[i] = -1
    return int(row.argmax())

# %% wrong: counts from 1
# names: off-by-one
def most_attended(weights, i):
    return int(np.argmax(np.asarray(weights)[i])) + 1

# %% wrong: the position in the whole matrix
# names: flat-index
def most_attended(weights, i):
    return int(np.argmax(weights))

# %% right
def attention_scores(X):
    X = np.asarray(X, dtype=float)
    d = X.shape[-1]
    return np.einsum("id,jd->ij", X, X) * d ** -0.5

# %% right
def attention_scores(X):
    import math
    return [[sum(a * b for a, b in zip(x, y)) / math.sqrt(len(x)) for y in X] for x in X]

# %% right
def attention_scores(X):
    X = np.asarray(X, float) / np.shape(X)[1] ** 0.25
    return X @ X.T

# %% right
def attention_matrix(X):
    s = np.array(attention_scores(X), float)
    for i in range(len(s)):
        s[i] = softmax(s[i])
    return s

# %% right
def attention_matrix(X):
    return softmax(np.asarray(attention_scores(X)).T, axis=0).T

# %% right
def attention_matrix(X):
    s = np.asarray(attention_scores(X))
    e = np.exp(s - s.max(1, keepdims=True))
    return e / e.sum(1)[:, np.newaxis]

# %% right
def blend(weights, X):
    return np.tensordot(np.asarray(weights, float), np.asarray(X, float), axes=1)

# %% right
def blend(weights, X):
    return [[sum(float(w) * float(x[k]) for w, x in zip(row, X)) for k in range(len(X[0]))] for row in weights]

# %% right
def blend(weights, X):
    w, X = np.asarray(weights, float), np.asarray(X, float)
    return (w[:, :, None] * X[None, :, :]).sum(axis=1)

# %% right
def most_attended(weights, i):
    row = list(weights[i])
    return row.index(max(row))

# %% right
def most_attended(weights, i):
    return np.asarray(weights)[i, :].argsort(kind="stable")[-1]

# %% right
def most_attended(weights, i):
    best = 0
    for j in range(len(weights[i])):
        if weights[i][j] > weights[i][best]:
            best = j
    return best

# %% right
def attention_matrix(X):
    rows = []
    for scores in attention_scores(X):
        rows.append(softmax(scores))
    return np.vstack(rows)

# %% right
def blend(weights, X):
    mixed = np.zeros((len(weights), len(X[0])))
    for i, recipe in enumerate(weights):
        for share, vector in zip(recipe, X):
            mixed[i] += np.multiply(share, vector)
    return mixed

# %% wrong: multiplied scale, scores rounded
# names: multiplied-scale, rounded
def attention_scores(X):
    X = np.asarray(X, float)
    return np.round(X @ X.T * np.sqrt(X.shape[1]), 2)

# %% wrong: integer division by an integer root
# names: floor-division, integer-scale
def attention_scores(X):
    X = np.asarray(X)
    d = X.shape[-1]
    return (X @ X.T) // int(d ** 0.5)

# %% wrong: no scale and only one half of the table
# names: missing-scale, triangle-only
def attention_scores(X):
    n = len(X)
    S = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            S[i, j] = np.dot(X[i], X[j])
    return S

# %% wrong: scale by sqrt(n) with an off diagonal
# names: scale-by-sqrt-n, ignores-itself
def attention_scores(X):
    X = np.asarray(X, float)
    S = X @ X.T / np.sqrt(len(X))
    np.fill_diagonal(S, 0)
    return S

# %% wrong: a buffer of the input's type
# names: integer-buffer
def attention_scores(X):
    out = np.empty((len(X), len(X)), dtype=X.dtype)
    for i, a in enumerate(X):
        for j, b in enumerate(X):
            out[i, j] = a @ b / np.sqrt(len(a))
    return out

# %% wrong: divides by the square root of all numbers in X
# evidence: times what
def attention_scores(X):
    X = np.asarray(X, float)
    return X @ X.T / np.sqrt(X.size)

# %% wrong: the Euclidean distance, scaled
# names: distance
def attention_scores(X):
    X = np.asarray(X, float)
    diff = X[:, np.newaxis, :] - X[np.newaxis, :, :]
    return np.sqrt((diff ** 2).sum(-1)) / np.sqrt(X.shape[1])

# %% wrong: centres the tokens first
# names: centred-words
def attention_scores(X):
    X = np.asarray(X, float)
    X = X - X.mean(axis=0)
    return X @ X.T / np.sqrt(X.shape[1])

# %% wrong: unit rows, no scale
# names: cosine-instead-of-dot
def attention_scores(X):
    U = np.asarray(X, float)
    U = U / np.linalg.norm(U, axis=1)[:, None]
    return U @ U.T

# %% wrong: softmax over the columns and no scale
# names: wrong-softmax-axis, missing-scale
def attention_matrix(X):
    X = np.asarray(X, float)
    return softmax(X @ X.T, axis=0)

# %% wrong: softmax over everything
# names: global-normalisation
def attention_matrix(X):
    s = attention_scores(X)
    e = np.exp(s - s.max())
    return e / e.sum()

# %% wrong: forgets the softmax and divides by the row sums, masked
# names: no-softmax, causal-mask
def attention_matrix(X):
    s = np.tril(attention_scores(X))
    return s / s.sum(axis=1, keepdims=True)

# %% wrong: scales twice
# names: scaled-twice, scale-by-d
def attention_matrix(X):
    return softmax(attention_scores(X) / np.sqrt(np.shape(X)[1]), axis=-1)

# %% wrong: softmax twice
# names: applied-twice
def attention_matrix(X):
    w = softmax(attention_scores(X))
    w = softmax(w)
    return w

# %% wrong: a mask with -1e9 above the diagonal, rounded
# names: causal-mask, rounded
def attention_matrix(X):
    s = attention_scores(X)
    s = s + np.triu(np.full_like(s, -1e9), k=1)
    return np.round(softmax(s), 3)

# %% wrong: zeroes weak weights
# evidence: some that are 0
def attention_matrix(X):
    w = softmax(attention_scores(X))
    w[w < 0.1] = 0
    return w

# %% wrong: the plain exponential on large scores
# names: unstable
def attention_matrix(X):
    e = np.exp(attention_scores(X))
    return e / e.sum(axis=1, keepdims=True)

# %% wrong: divides by the number of rows after mixing
# names: mean-instead-of-sum
def blend(weights, X):
    out = []
    for row in weights:
        out.append(np.mean([w * np.asarray(x, float) for w, x in zip(row, X)], axis=0))
    return np.array(out)

# %% wrong: the last token is forgotten and the weights are normalised again
# names: leaves-out-last, normalises-again
def blend(weights, X):
    W = np.asarray(weights, float)
    W = W / W.sum(axis=1, keepdims=True)
    return W[:, :-1] @ np.asarray(X, float)[:-1]

# %% wrong: transposed when the table is square
# names: transposed-weights
# evidence: turned round, where the first argument is square
def blend(weights, X):
    W = np.asarray(weights, float)
    if W.shape[0] == W.shape[1]:
        W = W.T
    return W @ np.asarray(X, float)

# %% wrong: the second best, where it is the token itself that is best
# names: ignores-itself
def most_attended(weights, i):
    row = list(weights[i])
    best = None
    for j, w in enumerate(row):
        if j == i:
            continue
        if best is None or w > row[best]:
            best = j
    return best

# %% wrong: starts the search at 0.5
def most_attended(weights, i):
    best, place = 0.5, 0
    for j, w in enumerate(weights[i]):
        if w > best:
            best, place = w, j
    return place

# %% wrong: column and the smallest
# names: reads-column, smallest
def most_attended(weights, i):
    return int(np.argmin(np.asarray(weights)[:, i]))

# %% wrong: returns place and weight
# evidence: number 1 alone is asked for
def most_attended(weights, i):
    j = int(np.argmax(weights[i]))
    return j, weights[i][j]

# %% right
def attention_scores(X):
    Y = np.asarray(X, float) / np.shape(X)[1] ** 0.25
    return np.inner(Y, Y)

# %% right
def attention_matrix(X):
    return np.array([softmax(row) for row in attention_scores(X)])

# %% right
def blend(weights, X):
    return np.einsum("mn,nd->md", np.asarray(weights, float), np.asarray(X, float))

# %% right
def most_attended(weights, i):
    row = list(weights[i])
    return row.index(max(row))
