"""a head that has pieces of other tokens in its rows

1. Make token i of i's alone. What does row i of a head hold then?
2. `reshape` never moves a number. Which axis do you want in front, and is it there after your
   `reshape`?
3. First (n, h, d/h), which cuts each row; then the first two axes change places.
"""


def split_heads(X, h):
    n, d = np.shape(X)
    return np.reshape(X, (h, n, d // h))
