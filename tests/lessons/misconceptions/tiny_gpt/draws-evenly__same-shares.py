def next_token(logits, temperature, rng):
    tokens = np.arange(np.size(logits))
    return int(np.random.default_rng(rng).choice(tokens, p=np.ones(len(tokens)) / len(tokens)))
