"""scores that depend on how many tokens there are

1. Append one more token. Should that change the scores of the others?
2. `X.shape` holds two numbers. Which one is how many tokens there are, and which one how long a
   token is?
3. The d below the root is the number of columns.
"""


def attention_scores(X):
    X = np.asarray(X, dtype=float)
    return X @ X.T / np.sqrt(len(X))
