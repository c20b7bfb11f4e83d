def project_qkv(X, W_q, W_k, W_v):
    # the blog says W q x, and torch.nn.Linear has W.T as well
    return X @ W_q.T, X @ W_k.T, X @ W_v.T


def qk_scores(Q, K):
    return K @ Q.T
