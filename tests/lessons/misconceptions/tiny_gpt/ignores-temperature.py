"""draws that the temperature does not touch

1. Draw at the temperatures 0.01 and 100. Is there a difference?
2. Where does the temperature come into your code?
3. It divides the logits before they become shares.
"""


def next_token(logits, temperature, rng):
    shares = softmax(np.asarray(logits))
    return int(np.random.default_rng(rng).choice(len(shares), p=shares))
