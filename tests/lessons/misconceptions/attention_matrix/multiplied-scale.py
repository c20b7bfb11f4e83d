"""scores that grow with the length of the tokens

1. Longer vectors give larger scores. Should the scale make up for that, or add to it?
2. Look at the sign in front of the root.
3. The root of d stands below the line.
"""


def attention_scores(X):
    X = np.asarray(X, dtype=float)
    return X @ X.T * np.sqrt(X.shape[1])
