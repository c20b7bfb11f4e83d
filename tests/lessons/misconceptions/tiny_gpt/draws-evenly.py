"""draws that do not mind the shares

1. One logit is a hundred above the others. How often should it come, and how often does yours?
2. What does your draw know of the shares?
3. A generator's `choice` takes the shares as `p`; left out, all are drawn alike.
"""


def next_token(logits, temperature, rng):
    shares = softmax(np.asarray(logits) / temperature)
    return int(np.random.default_rng(rng).choice(len(shares)))
