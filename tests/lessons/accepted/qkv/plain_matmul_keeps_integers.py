"""The lesson promises floats; integers that are exact do no harm to what uses them."""


def qk_scores(Q, K):
    return np.matmul(Q, K.T)

def project_qkv(X, W_q, W_k, W_v):
    return np.dot(X, W_q), np.dot(X, W_k), np.dot(X, W_v)
