# Slips of the hand and of habit, as learners make them. Each cell comes after the lesson's solution.
# Its head is what a tutor would say on seeing it.

# %% W on the left does not fit: X @ W_q
def project_qkv(X, W_q, W_k, W_v):
    return W_q @ X, W_k @ X, W_v @ X

# %% * is entry by entry; the matrix product is @
def project_qkv(X, W_q, W_k, W_v):
    return X * W_q, X * W_k, X * W_v

# %% returns one thing: the commas are missing
def project_qkv(X, W_q, W_k, W_v):
    return [X @ W_q + X @ W_q]

# %% two of three come back
def project_qkv(X, W_q, W_k, W_v):
    return X @ W_q, X @ W_k

# %% a dict comes back where three arrays are due
def project_qkv(X, W_q, W_k, W_v):
    return {"Q": X @ W_q, "K": X @ W_k, "V": X @ W_v}

# %% a letter: W_Q is another name than W_q
def project_qkv(X, W_q, W_k, W_v):
    return X @ W_Q, X @ W_K, X @ W_V

# %% the same letter twice: K is made of W_q
def project_qkv(X, W_q, W_k, W_v):
    Q = X @ W_q
    K = X @ W_q
    V = X @ W_v
    return Q, K, V

# %% np.array of three of different widths does not work: return a tuple
def project_qkv(X, W_q, W_k, W_v):
    return np.array([X @ W_q, X @ W_k, X @ W_v])

# %% Q @ K does not fit: K.T
def qk_scores(Q, K):
    return Q @ K

# %% np.dot with three arguments: the third is an output
def qk_scores(Q, K):
    return np.dot(Q, K.T, np.sqrt(K.shape[1]))

# %% np.cross is the cross product; @ is meant
def qk_scores(Q, K):
    return np.cross(Q, K)

# %% only X @ W_q is a product: the comma ends it
def project_qkv(X, W_q, W_k, W_v):
    Q, K, V = X @ W_q, W_k, W_v
    return Q, K, V

# %% a function ends at its first return: return Q, K, V
def project_qkv(X, W_q, W_k, W_v):
    return X @ W_q
    return X @ W_k
    return X @ W_v

# %% commas are missing: return Q, K, V
def project_qkv(X, W_q, W_k, W_v):
    Q, K, V = X @ W_q, X @ W_k, X @ W_v
    return (Q K V)

# %% self belongs to classes
def project_qkv(X, W_q, W_k, W_v):
    return X @ self.W_q, X @ self.W_k, X @ self.W_v

# %% nn.Linear is torch's; X @ W_q
def project_qkv(X, W_q, W_k, W_v):
    return nn.Linear(X, W_q), nn.Linear(X, W_k), nn.Linear(X, W_v)

# %% the order: Q, K, V
def project_qkv(X, W_q, W_k, W_v):
    return X @ W_k, X @ W_q, X @ W_v

# %% an array is not called: X @ W_q
def project_qkv(X, W_q, W_k, W_v):
    return W_q(X), W_k(X), W_v(X)

# %% one array where three are due
def project_qkv(X, W_q, W_k, W_v):
    return np.hstack([X @ W_q, X @ W_k, X @ W_v])

# %% the variables are not there before the line that makes them
def project_qkv(X, W_q, W_k, W_v):
    Q = X @ W_q
    K = Q @ K
    V = X @ W_v
    return Q, K, V

# %% transposed: row i is the key, the query is asked for
def qk_scores(Q, K):
    return K @ Q.T

# %% * is entry by entry
def qk_scores(Q, K):
    return Q * K.T

# %% scales already: raw dot products are asked for
def qk_scores(Q, K):
    return Q @ K.T / np.sqrt(K.shape[1])

# %% transpose(0, 2): a matrix has only axes 0 and 1
def qk_scores(Q, K):
    return Q @ K.transpose(0, 2)

# %% one score for each pair of places: zip pairs row i with row i only
def qk_scores(Q, K):
    return np.array([np.dot(q, k) for q, k in zip(Q, K)])

# %% one product is *, the others are @
def project_qkv(X, W_q, W_k, W_v):
    return X @ W_q, X @ W_k, X * W_v

# %% W_Q, W_K and W_V are those of the lesson, not the parameters
def project_qkv(X, W_q, W_k, W_v):
    return X @ W_Q, X @ W_K, X @ W_V

# %% queries are brought to length 1
def project_qkv(X, W_q, W_k, W_v):
    Q = X @ W_q
    Q = Q / np.linalg.norm(Q, axis=1, keepdims=True)
    return Q, X @ W_k, X @ W_v

# %% the return stands in the loop
def qk_scores(Q, K):
    out = np.zeros((len(Q), len(K)))
    for i in range(len(Q)):
        for j in range(len(K)):
            out[i, j] = Q[i] @ K[j]
        return out

# %% distances in the place of products
def qk_scores(Q, K):
    return -((Q[:, None] - K[None]) ** 2).sum(-1)
