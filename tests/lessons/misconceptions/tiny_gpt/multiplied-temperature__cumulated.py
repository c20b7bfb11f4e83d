def next_token(logits, temperature, rng):
    bounds = np.cumsum(softmax(np.array(logits, float) * temperature))
    return int(np.searchsorted(bounds / bounds[-1], np.random.default_rng(rng).random(), "right"))
