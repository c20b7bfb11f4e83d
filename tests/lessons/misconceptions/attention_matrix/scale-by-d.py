"""scores that shrink too fast as tokens get longer

1. Fill up with zeros until d is four times as large. Should the scores halve, or become a
   quarter?
2. Look at what you divide by: is there a root? (A mean over the products divides by d, too.)
3. The divisor is the square root of d.
"""


def attention_scores(X):
    X = np.asarray(X, dtype=float)
    return X @ X.T / X.shape[1]
