def next_token(logits, temperature, rng):
    rng = np.random.default_rng(rng)
    bounds = np.cumsum(softmax(np.array(logits, float) / temperature))
    return int(np.searchsorted(bounds / bounds[-1], rng.random(), side="right"))
