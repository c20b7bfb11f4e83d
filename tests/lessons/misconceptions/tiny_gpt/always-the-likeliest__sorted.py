def next_token(logits, temperature, rng):
    shares = softmax(np.asarray(logits) / temperature)
    return int(np.argsort(shares)[-1])
