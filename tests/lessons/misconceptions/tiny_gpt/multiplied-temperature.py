"""draws that get wilder when it gets colder

1. At a temperature near 0, which token should come? Which ones do you get?
2. What happens to a large logit when the temperature is 0.01?
3. The logits are made larger by a low temperature: divide.
"""


def next_token(logits, temperature, rng):
    shares = softmax(np.asarray(logits) * temperature)
    return int(np.random.default_rng(rng).choice(len(shares), p=shares))
