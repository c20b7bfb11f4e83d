"""the likeliest token, whatever the lot says

1. Draw a hundred times with other seeds. Does another token ever come?
2. Look for `argmax` or `max`. Where do you use the generator?
3. `choice` of the generator draws a number; its `p` takes the shares.
"""


def next_token(logits, temperature, rng):
    return int(np.argmax(logits))
