"""tokens that come back as they went in

1. Print the tokens before and after `stack`. What has changed?
2. `attend` returns new tokens. Which name do they get in your loop, and which name do you return?
3. What `attend` returns is the X of the next round, and after the last round it is the answer.
"""


def stack(X, layers):
    weights = []
    for layer in layers:
        _, looks = attend(X, layer)
        weights.append(looks)
    return np.asarray(X, dtype=float), weights
