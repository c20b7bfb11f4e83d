def next_token(logits, temperature, rng):
    shares = softmax(logits) / temperature
    shares = shares / shares.sum()
    return int(np.random.default_rng(rng).choice(np.arange(len(shares)), p=shares))
