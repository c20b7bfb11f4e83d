def next_token(logits, temperature, rng):
    logits = list(logits)
    return logits.index(max(logits))
