def times(A, B):
    return [[sum(a * b for a, b in zip(row, column)) for column in zip(*B)] for row in A]

def project_qkv(X, W_q, W_k, W_v):
    return [times(X, W_q), times(X, W_k), times(X, W_v)]

def qk_scores(Q, K):
    return [[float(np.dot(q, k)) for k in K] for q in Q]
