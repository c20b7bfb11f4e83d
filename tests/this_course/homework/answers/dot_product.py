# Answers to lesson 1 as people write them. Each cell replaces functions of the solution.
# Head of a cell: `%% right` or `%% wrong: what a tutor sees`, then `names:` the ids that say so,
# or `evidence:` what the values show.

# %% wrong: returns the products without adding them up
# names: elementwise-product
def dot_product(a, b):
    if len(a) != len(b):
        raise ValueError("different lengths")
    result = []
    for i in range(len(a)):
        result.append(a[i] * b[i])
    return np.array(result)

# %% wrong: the outer product
# names: outer-product
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return np.outer(u, v)

# %% wrong: returns inside the loop, after the first product
# names: returns-too-early
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths differ")
    s = 0.0
    for x, y in zip(u, v):
        s += x * y
        return float(s)

# %% wrong: the loop leaves out the last product
# names: leaves-out-last
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths differ")
    s = 0.0
    for i in range(len(u) - 1):
        s += u[i] * v[i]
    return float(s)

# %% wrong: starts at the second entry
# names: leaves-out-first
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths differ")
    total = 0.0
    for i in range(1, len(u)):
        total = total + u[i] * v[i]
    return float(total)

# %% wrong: keeps only the last product
# names: keeps-last-term
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths differ")
    for i in range(len(u)):
        total = u[i] * v[i]
    return float(total)

# %% wrong: the sum of the entries times the sum of the entries
# names: product-of-sums
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("not the same length")
    return float(np.sum(u) * np.sum(v))

# %% wrong: adds instead of multiplying
# names: adds-entries
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("not the same length")
    return float(sum(x + y for x, y in zip(u, v)))

# %% wrong: the mean of the products
# names: mean-instead-of-sum
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("not the same length")
    return float(np.mean(np.asarray(u) * np.asarray(v)))

# %% wrong: a cosine already
# names: cosine-instead-of-dot
def dot_product(u, v):
    if np.shape(u) != np.shape(v):
        raise ValueError("shapes differ")
    u = np.asarray(u, float)
    v = np.asarray(v, float)
    n = np.linalg.norm(u) * np.linalg.norm(v)
    return float(u @ v / n) if n else 0.0

# %% wrong: unequal lengths are cut to the shorter one
# names: unchecked-lengths
def dot_product(u, v):
    return float(sum(x * y for x, y in zip(u, v)))

# %% wrong: unequal lengths return None
# names: unchecked-lengths
def dot_product(u, v):
    if len(u) != len(v):
        print("Vectors must have the same length!")
        return None
    return float(np.dot(u, v))

# %% wrong: rounds to two decimals
# names: rounded
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return round(float(np.dot(u, v)), 2)

# %% wrong: whole numbers only
# names: integer-buffer, rounded
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    total = 0
    for x, y in zip(u, v):
        total += int(x * y)
    return float(total)

# %% wrong: the absolute value of every product
# names: unsigned-similarity
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return float(np.sum(np.abs(np.asarray(u) * np.asarray(v))))

# %% wrong: the cosine forgets one norm
# names: one-norm-only
def cosine_similarity(u, v):
    nu = np.sqrt(dot_product(u, u))
    nv = np.sqrt(dot_product(v, v))
    if nu == 0 or nv == 0:
        return 0.0
    return float(dot_product(u, v) / nu)

# %% wrong: the norms are added
# names: sum-of-norms
def cosine_similarity(u, v):
    u, v = np.array(u), np.array(v)
    if not u.any() or not v.any():
        return 0.0
    return float(np.dot(u, v) / (np.linalg.norm(u) + np.linalg.norm(v)))

# %% wrong: no root: squared norms
# names: squared-norms
def cosine_similarity(u, v):
    a = dot_product(u, u)
    b = dot_product(v, v)
    if a * b == 0:
        return 0.0
    return float(dot_product(u, v) / (a * b))

# %% wrong: a missing bracket: divides by one norm and multiplies by the other
# names: norm-multiplies
def cosine_similarity(u, v):
    nu, nv = np.linalg.norm(u), np.linalg.norm(v)
    if nu == 0 or nv == 0:
        return 0.0
    return float(dot_product(u, v) / nu * nv)

# %% wrong: no guard for zeros
# names: no-zero-guard
def cosine_similarity(a, b):
    return float(np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b)))

# %% wrong: the guard looks at the sum, which may be zero for vectors that are not
# names: zero-guard-by-sum
def cosine_similarity(u, v):
    if sum(u) == 0 or sum(v) == 0:
        return 0.0
    return float(dot_product(u, v) / (np.linalg.norm(u) * np.linalg.norm(v)))

# %% wrong: the guard looks at the first entry alone
# names: zero-guard-by-first-entry
def cosine_similarity(u, v):
    if u[0] == 0 or v[0] == 0:
        return 0.0
    return float(dot_product(u, v) / (np.linalg.norm(u) * np.linalg.norm(v)))

# %% wrong: the guard asks whether all numbers are something else than 0
# names: zero-guard-by-any-entry
def cosine_similarity(u, v):
    u, v = np.asarray(u, dtype=float), np.asarray(v, dtype=float)
    if u.all() == 0 or v.all() == 0:
        return 0.0
    return float(dot_product(u, v) / (np.linalg.norm(u) * np.linalg.norm(v)))

# %% wrong: the guard wants both to be zero
# names: zero-guard-needs-both
def cosine_similarity(u, v):
    nu, nv = np.linalg.norm(u), np.linalg.norm(v)
    if nu == 0 and nv == 0:
        return 0.0
    return float(np.dot(u, v) / (nu * nv))

# %% wrong: two zero vectors count as equal
# names: zeros-are-alike
def cosine_similarity(u, v):
    nu, nv = np.linalg.norm(u), np.linalg.norm(v)
    if nu == 0 and nv == 0:
        return 1.0
    if nu == 0 or nv == 0:
        return 0.0
    return float(dot_product(u, v) / (nu * nv))

# %% wrong: cosine distance
# names: distance
def cosine_similarity(u, v):
    nu, nv = np.linalg.norm(u), np.linalg.norm(v)
    if nu == 0 or nv == 0:
        return 0.0
    return float(1 - dot_product(u, v) / (nu * nv))

# %% wrong: the angle, not its cosine
# names: angle
def cosine_similarity(u, v):
    nu, nv = np.linalg.norm(u), np.linalg.norm(v)
    if nu == 0 or nv == 0:
        return 0.0
    return float(np.arccos(np.clip(dot_product(u, v) / (nu * nv), -1, 1)))

# %% wrong: a correlation: means are taken off first
# names: correlation
def cosine_similarity(u, v):
    u = np.asarray(u, float); v = np.asarray(v, float)
    u = u - u.mean(); v = v - v.mean()
    d = np.sqrt((u ** 2).sum() * (v ** 2).sum())
    return float((u * v).sum() / d) if d > 0 else 0.0

# %% wrong: the sine of the wrong idea: absolute value, no negative similarity
# names: unsigned-similarity
def cosine_similarity(u, v):
    nu, nv = np.linalg.norm(u), np.linalg.norm(v)
    if nu == 0 or nv == 0:
        return 0.0
    return abs(float(np.dot(u, v)) / float(nu * nv))

# %% wrong: negative similarities become zero
# names: negative-cut-off
def cosine_similarity(u, v):
    nu, nv = np.linalg.norm(u), np.linalg.norm(v)
    if nu == 0 or nv == 0:
        return 0.0
    return max(0.0, float(np.dot(u, v) / (nu * nv)))

# %% wrong: sums of entries for norms
# names: wrong-norm
def cosine_similarity(u, v):
    nu = np.sum(np.abs(u)); nv = np.sum(np.abs(v))
    if nu == 0 or nv == 0:
        return 0.0
    return float(dot_product(u, v) / (nu * nv))

# %% wrong: adds a small number to the denominator
# evidence: about 3 digits
def cosine_similarity(u, v):
    return float(np.dot(u, v) / (np.linalg.norm(u) * np.linalg.norm(v) + 1e-3))

# %% wrong: scores are cosines
# names: cosine-instead-of-dot
def similarity_scores(query, keys):
    return np.array([cosine_similarity(query, key) for key in keys])

# %% wrong: scores for the columns of keys
# names: tokens-as-columns
def similarity_scores(query, keys):
    keys = np.asarray(keys)
    return np.array([dot_product(query, keys[:, j]) for j in range(keys.shape[1])])

# %% wrong: only the first key is scored, the return stands in the loop
# names: returns-too-early
def similarity_scores(query, keys):
    scores = []
    for key in keys:
        scores.append(dot_product(query, key))
        return np.array(scores)

# %% wrong: products, never added up
# names: elementwise-product
def similarity_scores(query, keys):
    return np.asarray(keys, dtype=float) * np.asarray(query, dtype=float)

# %% wrong: shares instead of scores
# names: softmaxed-scores
def similarity_scores(query, keys):
    s = np.asarray(keys, float) @ np.asarray(query, float)
    e = np.exp(s - s.max())
    return e / e.sum()

# %% wrong: buffer of the query's type: integers cut the scores
# names: integer-buffer
def similarity_scores(query, keys):
    scores = np.zeros(len(keys), dtype=np.asarray(query).dtype)
    for i, key in enumerate(keys):
        scores[i] = np.dot(query, key)
    return scores.astype(float)

# %% wrong: the best score alone
# names: best-only
def similarity_scores(query, keys):
    return np.array([max(dot_product(query, key) for key in keys)])

# %% wrong: scaled scores
# names: scaled-too-early
def similarity_scores(query, keys):
    return np.asarray(keys) @ np.asarray(query) / np.sqrt(len(query))

# %% wrong: sorted scores
# names: sorted
def similarity_scores(query, keys):
    return np.array(sorted((dot_product(query, k) for k in keys), reverse=True))

# %% right
def dot_product(u, v):
    """Calculate dot product."""
    assert_same = len(u) == len(v)
    if not assert_same:
        raise ValueError(f"Length mismatch: {len(u)} vs {len(v)}")
    acc = 0.0
    index = 0
    while index < len(u):
        acc += float(u[index]) * float(v[index])
        index += 1
    return acc

# %% right
def dot_product(u, v):
    u = np.asarray(u, dtype=np.float64).ravel()
    v = np.asarray(v, dtype=np.float64).ravel()
    if u.size != v.size:
        raise ValueError
    return np.multiply(u, v).sum()

# %% right
def dot_product(u, v):
    return float(sum(map(lambda pair: pair[0] * pair[1], zip(u, v, strict=True))))

# %% right
def dot_product(u, v):
    if np.array(u).shape != np.array(v).shape:
        raise ValueError("shapes")
    return np.inner(u, v).astype(float)

# %% right
def dot_product(u, v):
    return np.matmul(np.asarray(u, float)[None, :], np.asarray(v, float)[:, None]).item()

# %% right
def dot_product(u, v):
    import math
    if len(u) != len(v):
        raise ValueError("u and v must have the same length")
    return math.fsum(float(a) * float(b) for a, b in zip(u, v))

# %% right
def cosine_similarity(u, v):
    import math
    nu = math.sqrt(sum(x * x for x in u))
    nv = math.sqrt(sum(x * x for x in v))
    try:
        return dot_product(u, v) / (nu * nv)
    except ZeroDivisionError:
        return 0.0

# %% right
def cosine_similarity(u, v):
    u, v = np.asarray(u, float), np.asarray(v, float)
    with np.errstate(all="ignore"):
        cos = (u / np.linalg.norm(u)) @ (v / np.linalg.norm(v))
    return 0.0 if np.isnan(cos) else float(np.clip(cos, -1.0, 1.0))

# %% right
def cosine_similarity(u, v):
    denominator = (dot_product(u, u) ** 0.5) * (dot_product(v, v) ** 0.5)
    return dot_product(u, v) / denominator if denominator > 0 else 0.0

# %% right
def cosine_similarity(u, v):
    if not np.any(u) or not np.any(v):
        return 0
    return dot_product(u, v) / np.sqrt(dot_product(u, u) * dot_product(v, v))

# %% right
def similarity_scores(query, keys):
    return [dot_product(query, k) for k in keys]

# %% right
def similarity_scores(query, keys):
    return np.einsum("nd,d->n", np.asarray(keys, float), np.asarray(query, float))

# %% right
def similarity_scores(query, keys):
    q = np.reshape(query, (-1, 1))
    return np.squeeze(np.asarray(keys, float) @ q, axis=1)

# %% right
def similarity_scores(query, keys):
    out = np.empty(len(keys))
    for i in range(len(keys)):
        out[i] = sum(query[j] * keys[i][j] for j in range(len(query)))
    return out

# %% wrong: strips zeros before it multiplies
# evidence: a vector begins with a zero
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    a = [x for x in u if x != 0]
    b = [y for y in v if y != 0]
    return float(sum(x * y for x, y in zip(a, b)))

# %% wrong: TypeError in the place of ValueError
# evidence: where a `ValueError` is due
def dot_product(u, v):
    if len(u) != len(v):
        raise TypeError("the vectors must have the same length")
    return float(sum(x * y for x, y in zip(u, v)))

# %% wrong: assert in the place of ValueError
# evidence: where a `ValueError` is due
def dot_product(u, v):
    assert len(u) == len(v), "different lengths"
    return float(np.dot(u, v))

# %% wrong: prints a complaint and goes on with the shorter one
# names: unchecked-lengths
def dot_product(u, v):
    if len(u) != len(v):
        print("Vectors must be of equal length")
    n = min(len(u), len(v))
    total = 0
    for i in range(n):
        total += u[i] * v[i]
    return float(total)

# %% wrong: the range ends one too early and the result is rounded
# names: leaves-out-last, rounded
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    acc = 0.0
    i = 0
    while i < len(u) - 1:
        acc = acc + u[i] * v[i]
        i += 1
    return round(acc, 2)

# %% wrong: starts the total at 1
# evidence: 1 larger than
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    total = 1
    for a, b in zip(u, v):
        total += a * b
    return float(total)

# %% wrong: overwrites in place of adding, and takes the absolute value
# names: keeps-last-term, unsigned-similarity
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    for a, b in zip(u, v):
        s = abs(a * b)
    return float(s)

# %% wrong: squares of the vectors' difference, halved, as in a polarisation gone wrong
# names: distance
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    u, v = np.asarray(u, float), np.asarray(v, float)
    return float(np.sum((u - v) ** 2))

# %% wrong: polarisation with a factor forgotten
# evidence: twice
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    u, v = np.asarray(u, float), np.asarray(v, float)
    return float(((u + v) @ (u + v) - (u - v) @ (u - v)) / 2)

# %% wrong: every second product
# names: every-second
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return float(np.dot(u[::2], v[::2]))

# %% wrong: v is reversed
# names: turned-round
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return float(np.dot(u, v[::-1]))

# %% wrong: converts to whole numbers first
# names: integer-buffer, rounded
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError
    return float(sum(int(x) * int(y) for x, y in zip(u, v)))

# %% wrong: cosine distance
# names: distance
def cosine_similarity(u, v):
    nu, nv = np.linalg.norm(u), np.linalg.norm(v)
    if nu == 0 or nv == 0:
        return 0.0
    return 1.0 - float(np.dot(u, v) / (nu * nv))

# %% wrong: only one norm and no guard for zeros
# names: one-norm-only, no-zero-guard
def cosine_similarity(u, v):
    return float(np.dot(u, v) / np.linalg.norm(u))

# %% wrong: sum of norms and no guard
# names: sum-of-norms, no-zero-guard
def cosine_similarity(u, v):
    return float(np.dot(u, v) / (np.linalg.norm(u) + np.linalg.norm(v)))

# %% wrong: squared norms, rounded
# names: squared-norms, rounded
def cosine_similarity(u, v):
    a, b = sum(x * x for x in u), sum(y * y for y in v)
    if not a or not b:
        return 0.0
    return round(float(np.dot(u, v)) / (a * b), 3)

# %% wrong: clips to [0, 1] and has no guard
# names: negative-cut-off, no-zero-guard
def cosine_similarity(u, v):
    c = np.dot(u, v) / (np.linalg.norm(u) * np.linalg.norm(v))
    return float(np.clip(c, 0, 1))

# %% wrong: missing brackets and absolute value
# names: norm-multiplies, unsigned-similarity
def cosine_similarity(u, v):
    u, v = np.asarray(u, float), np.asarray(v, float)
    if not np.any(u) or not np.any(v):
        return 0.0
    return abs(float(u @ v / np.linalg.norm(u) * np.linalg.norm(v)))

# %% wrong: arccos over pi, an angular similarity
# names: angle
def cosine_similarity(u, v):
    nu, nv = np.linalg.norm(u), np.linalg.norm(v)
    if nu == 0 or nv == 0:
        return 0.0
    c = np.clip(np.dot(u, v) / (nu * nv), -1, 1)
    return float(1 - np.arccos(c) / np.pi)

# %% wrong: zero-guard returns nan
# names: wrong-zero-value, no-zero-guard
def cosine_similarity(u, v):
    denom = np.sqrt(np.sum(np.square(u))) * np.sqrt(np.sum(np.square(v)))
    if denom == 0:
        return float("nan")
    return float(np.sum(np.multiply(u, v)) / denom)

# %% wrong: zero vectors are given the likeness -1
# names: wrong-zero-value
# evidence: where a vector is all zeros
def cosine_similarity(u, v):
    denom = np.sqrt(np.sum(np.square(u))) * np.sqrt(np.sum(np.square(v)))
    return float(np.dot(u, v) / denom) if denom else -1.0

# %% wrong: softmax of scores, rounded
# names: softmaxed-scores, rounded
def similarity_scores(query, keys):
    s = np.asarray(keys) @ np.asarray(query)
    p = np.exp(s - s.max())
    return np.round(p / p.sum(), 2)

# %% wrong: loops over columns of keys
# names: tokens-as-columns
def similarity_scores(query, keys):
    keys = np.asarray(keys, float)
    out = []
    for j in range(keys.shape[1]):
        out.append(sum(keys[i][j] * query[i] for i in range(min(len(query), len(keys)))))
    return np.array(out)

# %% wrong: sorted and the last one left out
# names: sorted, leaves-out-last
def similarity_scores(query, keys):
    return np.sort(np.asarray(keys) @ np.asarray(query))[:-1]

# %% wrong: an integer buffer taken from the query, filled in a loop
# names: integer-buffer
def similarity_scores(query, keys):
    out = np.zeros(len(keys), dtype=np.asarray(query).dtype)
    for n, key in enumerate(keys):
        out[n] = np.dot(query, key)
    return out

# %% wrong: score of each key with the first key
# names: keys-with-keys
def similarity_scores(query, keys):
    keys = np.asarray(keys, float)
    return keys @ keys[0]

# %% wrong: normalises the keys and not the query
# names: cosine-instead-of-dot
# evidence: brought to length 1
def similarity_scores(query, keys):
    keys = np.asarray(keys, float)
    unit = keys / np.linalg.norm(keys, axis=1, keepdims=True)
    return unit @ np.asarray(query, float)

# %% wrong: keeps a list between calls
# evidence: the same call comes again
_found = []
def similarity_scores(query, keys):
    for key in keys:
        _found.append(float(np.dot(query, key)))
    return np.array(_found)

# %% right
def dot_product(u, v):
    if np.shape(u) != np.shape(v):
        raise ValueError(f"{np.shape(u)} and {np.shape(v)}")
    return float(np.einsum("i,i->", np.asarray(u, float), np.asarray(v, float)))

# %% right
def cosine_similarity(u, v):
    u, v = [np.asarray(x, dtype=np.float64) for x in (u, v)]
    lu, lv = (u**2).sum() ** 0.5, (v**2).sum() ** 0.5
    return 0.0 if lu * lv == 0 else float(np.clip((u / lu) @ (v / lv), -1.0, 1.0))

# %% right
def similarity_scores(query, keys):
    out = np.empty(len(keys))
    for place, key in enumerate(keys):
        out[place] = sum(float(a) * float(b) for a, b in zip(query, key, strict=True))
    return out

# %% right
def similarity_scores(query, keys):
    return np.tensordot(np.asarray(keys, float), np.asarray(query, float), axes=(1, 0))
