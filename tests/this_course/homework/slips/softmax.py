# Slips of the hand and of habit, as learners make them. Each cell comes after the lesson's solution.
# Its head is what a tutor would say on seeing it.

# %% torch calls it dim; numpy calls it axis
def softmax(scores, axis=-1):
    e = np.exp(scores - scores.max(dim=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% numpy writes keepdims with an s
def softmax(scores, axis=-1):
    scores = np.asarray(scores, float)
    e = np.exp(scores - np.max(scores, axis=axis, keepdim=True))
    return e / np.sum(e, axis=axis, keepdim=True)

# %% an array has no method exp: np.exp(scores)
def softmax(scores, axis=-1):
    e = scores.exp()
    return e / e.sum(axis=axis, keepdims=True)

# %% without keepdims the sums do not line up with the rows
def softmax(scores, axis=-1):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis)

# %% the same for the maximum
def softmax(scores, axis=-1):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=axis))
    return e / e.sum(axis=axis, keepdims=True)

# %% math.exp takes one number; np.exp takes arrays
def softmax(scores, axis=-1):
    import math
    e = math.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% numpy has no softmax: write it
def softmax(scores, axis=-1):
    return np.softmax(scores, axis=axis)

# %% scipy is not there; write it with numpy
def softmax(scores, axis=-1):
    from scipy.special import softmax as ready
    return ready(scores, axis=axis)

# %% torch is not there; write it with numpy
def softmax(scores, axis=-1):
    import torch
    return torch.softmax(torch.tensor(scores), dim=axis).numpy()

# %% pandas is not there, nor needed
def softmax(scores, axis=-1):
    import pandas as pd
    e = np.exp(pd.DataFrame(scores))
    return e.div(e.sum(axis=1), axis=0).values

# %% the parameter axis is missing
def softmax(scores):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

# %% the default of axis is missing
def softmax(scores, axis):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% the parameter is called axis, not dim
def softmax(scores, dim=-1):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=dim, keepdims=True))
    return e / e.sum(axis=dim, keepdims=True)

# %% a list has no max(axis=…): np.asarray first
def softmax(scores, axis=-1):
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% the builtin max compares whole rows: use np.max
def softmax(scores, axis=-1):
    e = np.exp(np.asarray(scores, float) - max(scores))
    return e / e.sum(axis=axis, keepdims=True)

# %% brackets: exp of the quotient, not the quotient of exps
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    return np.exp(s - s.max(axis=axis, keepdims=True) / np.exp(s).sum(axis=axis, keepdims=True))

# %% subtracts the maximum after exp
def softmax(scores, axis=-1):
    e = np.exp(np.asarray(scores, float))
    e = e - e.max(axis=axis, keepdims=True)
    return e / e.sum(axis=axis, keepdims=True)

# %% adds the maximum instead of taking it off
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s + s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% gives back the exponentials: the division is computed and thrown away
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    e / e.sum(axis=axis, keepdims=True)
    return e

# %% `np.exp(s) / sum(np.exp(s))`: the builtin sum adds rows up
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / sum(e)

# %% the result is named softmax inside and hides the function
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    softmax = e / e.sum(axis=axis, keepdims=True)

# %% a name bound again further down: softmax is an array at the end
softmax = softmax(np.array([1.0, 2.0, 3.0]))

# %% a list of arrays is returned where an array is due
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    return [np.exp(row) for row in s]

# %% np.exp is missing its call: brackets
def softmax(scores, axis=-1):
    e = np.exp[scores]
    return e / e.sum(axis=axis, keepdims=True)

# %% a comma makes a pair of it
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True)),
    return e / e.sum(axis=axis, keepdims=True)

# %% `np` was never imported under this name: numpy.exp
def softmax(scores, axis=-1):
    e = numpy.exp(scores)
    return e / e.sum(axis=axis, keepdims=True)

# %% np.float is gone; float
def softmax(scores, axis=-1):
    s = np.asarray(scores, dtype=np.float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% np.product is gone; np.prod
def softmax(scores, axis=-1):
    n = np.product(np.shape(scores))
    e = np.exp(scores)
    return e / e.sum(axis=axis, keepdims=True) * n / n

# %% view belongs to torch; reshape
def softmax(scores, axis=-1):
    e = np.exp(scores)
    return e / e.sum(axis).view(-1, 1)

# %% unsqueeze belongs to torch; keepdims=True or [:, None]
def softmax(scores, axis=-1):
    e = np.exp(scores)
    return e / e.sum(axis=axis).unsqueeze(axis)
