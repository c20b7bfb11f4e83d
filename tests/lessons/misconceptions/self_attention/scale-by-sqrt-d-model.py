"""weights that depend on how long the tokens are

1. The scores are made of queries and keys. How many numbers does one of those have?
2. Look at the array whose shape you take the divisor from: is it X, or a row count of a weight
   matrix?
3. What counts is the number of columns of Q and K, after the projection.
"""


def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    weights = softmax(Q @ K.T / np.sqrt(X.shape[1]))
    return weights @ V, weights
