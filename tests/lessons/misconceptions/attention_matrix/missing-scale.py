"""scores that are plain dot products

1. Give every token zeros at its end until it is four times as long. What should change, and what
   does?
2. Look for the length of one token's vector, d, in your scores. Where does it come in?
3. Divide all scores by the square root of the number of columns of X.
"""


def attention_scores(X):
    X = np.asarray(X, dtype=float)
    return X @ X.T
