"""the token that looks at token i most

1. Rows look, columns are looked at. Does the question ask who token i looks at, or who looks at
   token i?
2. Look at where `i` stands between the square brackets.
3. Take row i of the weights, and find the position of its largest entry.
"""


def most_attended(weights, i):
    return int(np.argmax(weights[:, i]))
