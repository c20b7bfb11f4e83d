"""rows that all sum to the same number, which is not 1

1. What do your rows sum to? Is that number familiar?
2. Put the steps in order: score, scale, softmax. Where in this order do you divide?
3. The division belongs to the scores; whatever comes out of softmax is left alone.
"""


def attention_matrix(X):
    return softmax(np.asarray(X, float) @ X.T) / np.sqrt(X.shape[1])
