def project_qkv(X, W_q, W_k, W_v):
    both = X @ np.hstack([W_q, W_k, W_v])
    d = W_q.shape[1]
    return np.split(both, [d, 2 * d], axis=1)

def qk_scores(Q, K):
    return np.inner(Q, K)
