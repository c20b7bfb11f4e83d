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
