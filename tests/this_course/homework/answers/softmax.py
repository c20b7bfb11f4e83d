# Answers to lesson 2 as people write them; see dot_product.py for the form.

# %% wrong: the textbook line for one dimension: everything sums to 1
# names: global-normalisation
def softmax(scores, axis=-1):
    return np.exp(scores) / np.sum(np.exp(scores))

# %% wrong: the same, stable
# names: global-normalisation
def softmax(x, axis=-1):
    e_x = np.exp(x - np.max(x))
    return e_x / e_x.sum()

# %% wrong: axis 0, from an old blog
# names: wrong-axis
def softmax(x, axis=-1):
    """Compute softmax values for each sets of scores in x."""
    e_x = np.exp(np.asarray(x) - np.max(x))
    return e_x / e_x.sum(axis=0)

# %% wrong: fixed last axis
# names: ignores-axis
def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    z = scores - np.max(scores, axis=-1, keepdims=True)
    n = np.exp(z)
    return n / np.sum(n, axis=-1, keepdims=True)

# %% wrong: fixed axis 1
# names: ignores-axis
def softmax(scores, axis=-1):
    scores = np.atleast_2d(np.asarray(scores, float))
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

# %% wrong: row by row, and a vector has no rows
# names: vector-as-rows
def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    out = np.zeros_like(scores)
    for i in range(len(scores)):
        e = np.exp(scores[i] - scores[i].max())
        out[i] = e / e.sum()
    return out

# %% wrong: row by row, with the axis of the whole
# names: vector-as-rows
def softmax(scores, axis=-1):
    rows = []
    for row in np.asarray(scores, dtype=float):
        e = np.exp(row - np.max(row, axis=axis))
        rows.append(e / np.sum(e, axis=axis))
    return np.array(rows)

# %% wrong: row by row of a table, with the axis of the whole
# names: axis-within-a-row
def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=float)
    if scores.ndim == 1:
        scores = scores - scores.max()
        return np.exp(scores) / np.exp(scores).sum()
    rows = []
    for row in scores:
        e = np.exp(row - row.max(axis=axis))
        rows.append(e / e.sum(axis=axis))
    return np.array(rows)

# %% wrong: no shift: overflows
# names: unstable
def softmax(scores, axis=-1):
    e = np.exp(np.asarray(scores, float))
    return e / np.sum(e, axis=axis, keepdims=True)

# %% wrong: shifts by the mean, which is not enough
# names: unstable, shifts-by-mean
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.mean(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% wrong: one maximum for the whole array
# names: global-max
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max())
    return e / e.sum(axis=axis, keepdims=True)

# %% wrong: exp without dividing
# names: not-normalised
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    return np.exp(s - s.max(axis=axis, keepdims=True))

# %% wrong: plain shares, no exp
# names: no-exp
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    return s / s.sum(axis=axis, keepdims=True)

# %% wrong: divides by the largest
# names: divides-by-max, not-normalised
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.max(axis=axis, keepdims=True)

# %% wrong: base 2
# names: wrong-base
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = 2.0 ** (s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% wrong: base 10
# names: wrong-base
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.power(10.0, s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% wrong: divides the scores by their largest value first
# names: rescaled-scores, divides-by-max
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    s = s / np.max(np.abs(s), axis=axis, keepdims=True)
    e = np.exp(s)
    return e / e.sum(axis=axis, keepdims=True)

# %% wrong: standardises the scores first
# names: rescaled-scores
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    s = (s - s.mean(axis=axis, keepdims=True)) / (s.std(axis=axis, keepdims=True) + 1e-12)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% wrong: a sigmoid for each score
# names: sigmoid
def softmax(scores, axis=-1):
    return 1 / (1 + np.exp(-np.asarray(scores, float)))

# %% wrong: sigmoids, made to sum to 1
# names: normalised-sigmoid
def softmax(scores, axis=-1):
    s = 1 / (1 + np.exp(-np.clip(np.asarray(scores, float), -500, 500)))
    return s / s.sum(axis=axis, keepdims=True)

# %% wrong: relu instead of exp
# names: normalised-relu
def softmax(scores, axis=-1):
    s = np.maximum(np.asarray(scores, float), 0) + 1e-9
    return s / s.sum(axis=axis, keepdims=True)

# %% wrong: log of the shares
# names: log-softmax
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    s = s - s.max(axis=axis, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=axis, keepdims=True))

# %% wrong: minus in the exponent
# names: negated
def softmax(scores, axis=-1):
    s = -np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% wrong: softmax of softmax
# names: applied-twice
def softmax(scores, axis=-1):
    def once(s):
        e = np.exp(s - s.max(axis=axis, keepdims=True))
        return e / e.sum(axis=axis, keepdims=True)
    return once(once(np.asarray(scores, float)))

# %% wrong: works on the argument itself
# names: mutates-input
def softmax(scores, axis=-1):
    scores = np.asarray(scores)
    scores -= scores.max(axis=axis, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=axis, keepdims=True)
    return scores

# %% wrong: rows of a buffer that has the input's type
# names: integer-buffer
def softmax(scores, axis=-1):
    scores = np.array(scores)
    out = np.zeros_like(scores)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    out[...] = e / e.sum(axis=axis, keepdims=True)
    return out

# %% wrong: rounds to three decimals
# names: rounded
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return np.round(e / e.sum(axis=axis, keepdims=True), 3)

# %% wrong: a loop for one dimension, which breaks on rows
# names: one-dimension-only
def softmax(scores, axis=-1):
    m = max(scores)
    exps = [math.exp(s - m) for s in scores]
    return np.array([e / sum(exps) for e in exps])
import math

# %% wrong: one-hot of the best
# names: hard-argmax
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    return (s == s.max(axis=axis, keepdims=True)).astype(float)

# %% wrong: adds a small number below, so that rows sum to less than 1
# evidence: about 3 digits
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / (e.sum(axis=axis, keepdims=True) + 1e-3)

# %% wrong: clips the scores
# names: clipped-scores
def softmax(scores, axis=-1):
    e = np.exp(np.clip(np.asarray(scores, float), -10, 10))
    return e / e.sum(axis=axis, keepdims=True)

# %% wrong: squares instead of exponentials
# names: squares
def softmax(scores, axis=-1):
    s = np.asarray(scores, float) ** 2
    return s / s.sum(axis=axis, keepdims=True)

# %% wrong: operator precedence: the division happens inside the exponent
# names: divides-in-exponent
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    return np.exp(s / np.sum(np.exp(s - s.max()), axis=axis, keepdims=True))

# %% wrong: minus infinity becomes nan
# names: masked-scores-nan
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    s = s - s.min(axis=axis, keepdims=True)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% wrong: shares of the wrong direction, by hand
# names: wrong-axis
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    if s.ndim == 1:
        e = np.exp(s - s.max())
        return e / e.sum()
    out = np.zeros(s.shape)
    for j in range(s.shape[-1]):
        col = s[..., j] - s[..., j].max()
        out[..., j] = np.exp(col) / np.exp(col).sum()
    return out

# %% right
def softmax(scores, axis=-1):
    scores = np.asarray(scores, dtype=np.float64)
    shifted = scores - np.amax(scores, axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return np.divide(exps, np.sum(exps, axis=axis, keepdims=True))

# %% right
def softmax(scores, axis=-1):
    x = np.swapaxes(np.array(scores, dtype=float), axis, -1)
    e = np.exp(x - x.max(-1)[..., None])
    return np.swapaxes(e / e.sum(-1)[..., None], axis, -1)

# %% right
def softmax(scores, axis=-1):
    x = np.asarray(scores, float)
    return np.exp(x - np.logaddexp.reduce(x, axis=axis, keepdims=True))

# %% right
def softmax(scores, axis=-1):
    x = np.asarray(scores, float)
    m = np.expand_dims(x.max(axis=axis), axis)
    e = np.exp(x - m)
    return e / np.expand_dims(e.sum(axis=axis), axis)

# %% right
def softmax(scores, axis=-1):
    x = np.array(scores, float, copy=True)
    x -= x.max(axis=axis, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=axis, keepdims=True)
    return x

# %% right
def softmax(scores, axis=-1):
    def one(row):
        row = row - row.max()
        return np.exp(row) / np.exp(row).sum()
    return np.apply_along_axis(one, axis, np.asarray(scores, float))

# %% right
def softmax(scores, axis=-1):
    x = np.asarray(scores, float)
    x = x - x.max(axis=axis, keepdims=True)
    return np.e ** x / (np.e ** x).sum(axis=axis, keepdims=True)

# %% right
def softmax(scores, axis=-1):
    x = np.moveaxis(np.asarray(scores, float), axis, 0)
    e = np.exp(x - x.max(axis=0))
    return np.moveaxis(e / e.sum(axis=0), 0, axis)

# %% right
def softmax(scores, axis=-1):
    x = np.asarray(scores, dtype=float)
    top = np.max(x, axis=axis, keepdims=True)
    total = np.add.reduce(np.exp(x - top), axis=axis, keepdims=True)
    return np.exp(x - top - np.log(total))

# %% right
def softmax(scores, axis=-1):
    x = np.asarray(scores, float)
    if x.ndim == 1:
        e = [float(np.exp(s - max(x))) for s in x]
        return [value / sum(e) for value in e]
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)

# %% wrong: one dimension only: sums everything and shifts by the overall maximum, in a loop
# names: global-normalisation
def softmax(scores, axis=-1):
    import math
    flat = [float(s) for s in np.asarray(scores).ravel()]
    m = max(flat)
    exps = [math.exp(s - m) for s in flat]
    total = sum(exps)
    return np.array([e / total for e in exps]).reshape(np.shape(scores))

# %% wrong: axis 0 in the sum, no shift at all
# names: wrong-axis, unstable
def softmax(scores, axis=-1):
    e = np.exp(scores)
    return e / e.sum(axis=0)

# %% wrong: ignores the axis and rounds to three digits
# names: ignores-axis, rounded
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(-1, keepdims=True))
    return (e / e.sum(-1, keepdims=True)).round(3)

# %% wrong: ignores the axis and changes its input
# names: ignores-axis, mutates-input
def softmax(scores, axis=-1):
    scores -= np.max(scores, axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    return scores

# %% wrong: negated and without a shift
# names: negated, unstable
def softmax(scores, axis=-1):
    e = np.exp(-1 * np.asarray(scores, float))
    return e / np.sum(e, axis=axis, keepdims=True)

# %% wrong: base 2 and over everything
# names: wrong-base, global-normalisation
def softmax(scores, axis=-1):
    e = np.power(2.0, np.asarray(scores, float) - np.max(scores))
    return e / e.sum()

# %% wrong: loops over rows into an array like the scores
# names: integer-buffer
def softmax(scores, axis=-1):
    scores = np.asarray(scores)
    out = np.zeros_like(scores)
    moved_in = np.moveaxis(scores, axis, -1)
    moved_out = np.moveaxis(out, axis, -1)
    for index in np.ndindex(moved_in.shape[:-1]):
        row = moved_in[index].astype(float)
        e = np.exp(row - row.max())
        moved_out[index] = e / e.sum()
    return out

# %% wrong: half precision
def softmax(scores, axis=-1):
    s = np.asarray(scores, dtype=np.float16)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return (e / e.sum(axis=axis, keepdims=True)).astype(float)

# %% wrong: one dimension only: max() and sum() of Python
# names: one-dimension-only
# evidence: more than one dimension
def softmax(scores, axis=-1):
    e = [np.exp(s - max(scores)) for s in scores]
    return np.array([x / sum(e) for x in e])

# %% wrong: two dimensions only
# names: two-dimensions-only, ignores-axis
def softmax(scores, axis=-1):
    out = np.zeros(np.shape(scores))
    rows, columns = np.shape(scores)
    for i in range(rows):
        e = np.exp(np.asarray(scores[i], float) - np.max(scores[i]))
        out[i] = e / e.sum()
    return out

# %% wrong: log-softmax without the shift
# names: log-softmax, unstable
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    return s - np.log(np.exp(s).sum(axis=axis, keepdims=True))

# %% wrong: temperature 2
# names: temperature, rescaled-scores
# evidence: half what they should be
def softmax(scores, axis=-1, temperature=2.0):
    s = np.asarray(scores, float) / temperature
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% wrong: shares of the squares
# names: squares
def softmax(scores, axis=-1):
    s = np.square(np.asarray(scores, float))
    return s / s.sum(axis=axis, keepdims=True)

# %% wrong: one more in the denominator (softmax1)
# names: one-too-many
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    m = s.max(axis=axis, keepdims=True)
    e = np.exp(s - m)
    return e / (1 + e.sum(axis=axis, keepdims=True))

# %% wrong: normalises to percentages and rounds
# names: percentages, rounded
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return np.round(100 * e / e.sum(axis=axis, keepdims=True), 1)

# %% wrong: shift by the row's maximum along the wrong axis, far rows underflow
# names: wrong-axis, global-max
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max())
    return e / e.sum(axis=0, keepdims=True)

# %% wrong: the exponential of the shares, divided again, without max
# names: applied-twice, unstable
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    for _ in range(2):
        s = np.exp(s)
        s = s / s.sum(axis=axis, keepdims=True)
    return s

# %% wrong: standardises the scores first
# names: rescaled-scores
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    z = (s - s.mean(axis=axis, keepdims=True)) / s.std(axis=axis, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=axis, keepdims=True)

# %% wrong: sigmoid normalised
# names: normalised-sigmoid
def softmax(scores, axis=-1):
    s = 1.0 / (1.0 + np.exp(-np.asarray(scores, dtype=float)))
    return s / np.sum(s, axis=axis, keepdims=True)

# %% wrong: divides by the first sum only
# names: one-sum-for-all
# evidence: do not add up to 1
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    total = np.atleast_1d(e.sum(axis=axis)).ravel()[0]
    return e / total

# %% wrong: replaces nan by zero, so overflow is hidden
# names: unstable
# evidence: numbers are large
def softmax(scores, axis=-1):
    e = np.exp(np.asarray(scores, float))
    return np.nan_to_num(e / e.sum(axis=axis, keepdims=True))

# %% right
def softmax(scores, axis=-1):
    s = np.array(scores, dtype=float)
    top = np.amax(s, axis=axis, keepdims=True)
    return np.exp(s - top - np.log(np.sum(np.exp(s - top), axis=axis, keepdims=True)))

# %% right
def softmax(scores, axis=-1):
    s = np.moveaxis(np.asarray(scores, dtype=float), axis, 0)
    e = np.exp(s - s.max(axis=0))
    return np.moveaxis(e / e.sum(axis=0), 0, axis)

# %% right
def softmax(scores, axis=-1):
    def one(row):
        e = np.exp(row - row.max())
        return e / e.sum()
    return np.apply_along_axis(one, axis, np.asarray(scores, float))

# %% right
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.power(np.e, np.subtract(s, np.max(s, axis, keepdims=True)))
    return np.divide(e, np.add.reduce(e, axis=axis, keepdims=True))
