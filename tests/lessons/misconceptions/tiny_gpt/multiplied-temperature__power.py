def next_token(logits, temperature, rng):
    shares = softmax(logits) ** temperature
    rng = np.random.default_rng(rng)
    return int(rng.choice(len(shares), p=shares / shares.sum()))
