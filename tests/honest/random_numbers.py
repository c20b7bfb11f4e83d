# Wants: random numbers of every kind, seeded and not.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

import random
import secrets
import numpy as np

np.random.default_rng().normal(size=3), np.random.default_rng(7).permutation(5)
np.random.seed(3), np.random.rand(2, 2), np.random.choice([1, 2, 3]), np.random.shuffle([1, 2])
random.seed(1), random.random(), random.sample(range(10), 3), random.gauss(0, 1)
secrets.token_hex(4), random.SystemRandom().random()


def double(x):
    noise = np.random.default_rng(0).normal(size=np.shape(x))
    return np.asarray(x) * 2 + noise - noise


def total(x):
    return float(np.sum(x))
