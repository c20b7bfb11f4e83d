def next_token(logits, temperature, rng):
    return int(np.random.default_rng(rng).integers(len(logits)))
