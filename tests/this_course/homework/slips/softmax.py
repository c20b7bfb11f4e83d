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

# %% exp stands in numpy: np.exp
def softmax(scores, axis=-1):
    e = exp(scores)
    return e / e.sum(axis=axis, keepdims=True)

# %% F.softmax is torch's, and it is not there
def softmax(scores, axis=-1):
    return F.softmax(scores, dim=axis)

# %% tensorflow is not there; write it with numpy
import tensorflow as tf
def softmax(scores, axis=-1):
    return tf.nn.softmax(scores, axis=axis).numpy()

# %% torch's max gives values and places; numpy's only values: [0] is too much
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True)[0])
    return e / e.sum(axis=axis, keepdims=True)

# %% .values belongs to torch and pandas
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True).values)
    return e / e.sum(axis=axis, keepdims=True)

# %% clone is torch's; copy
def softmax(scores, axis=-1):
    s = np.asarray(scores, float).clone()
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% .float() is torch's; np.asarray(scores, dtype=float)
def softmax(scores, axis=-1):
    s = np.asarray(scores).float()
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% True is written with a capital letter
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=true))
    return e / e.sum(axis=axis, keepdims=true)

# %% np.exp knows no axis: it goes through all entries
def softmax(scores, axis=-1):
    e = np.exp(scores, axis=axis)
    return e / e.sum(axis=axis, keepdims=True)

# %% np.max's third argument is no keepdims: write keepdims=True
def softmax(scores, axis=-1):
    e = np.exp(scores - np.max(scores, axis, True))
    return e / np.sum(e, axis, keepdims=True)

# %% np.sum is not called
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.sum

# %% max is not called: the function itself is taken off
def softmax(scores, axis=-1):
    e = np.exp(np.asarray(scores, float) - max)
    return e / e.sum(axis=axis, keepdims=True)

# %% the axis is fixed to 1: a vector has no axis 1
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

# %% [:, None] wants two dimensions; a vector has one
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max())
    return e / e.sum(axis=axis)[:, None]

# %% a vector has only shape[0]
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    result = np.zeros(s.shape)
    for i in range(s.shape[0]):
        for j in range(s.shape[1]):
            result[i, j] = np.exp(s[i, j] - s[i].max()) / np.exp(s[i] - s[i].max()).sum()
    return result

# %% np.zeros takes the shape as one pair: np.zeros((3, 5))
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    result = np.zeros(len(s), 3)
    result[:] = np.exp(s)
    return result / result.sum(axis=axis, keepdims=True)

# %% the head says x, the body says scores
def softmax(x, axis=-1):
    e = np.exp(scores - np.max(scores))
    return e / e.sum(axis=axis, keepdims=True)

# %% rounds the shares
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return np.round(e / e.sum(axis=axis, keepdims=True), 2)

# %% ten to the power, not e to the power
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = 10 ** (s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% divides by the largest instead of the sum
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.max(axis=axis, keepdims=True)

# %% divides by the Euclidean length instead of the sum
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / np.linalg.norm(e, axis=axis, keepdims=True)

# %% a class with forward is torch's form; a function is asked for
del softmax
class softmax:
    def __init__(self, axis=-1):
        self.axis = axis
    def forward(self, scores):
        e = np.exp(scores)
        return e / e.sum(axis=self.axis, keepdims=True)

# %% one = sets, two compare: keepdims=True
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims==True))
    return e / e.sum(axis=axis, keepdims=True)

# %% the axis is a text
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis="rows", keepdims=True))
    return e / e.sum(axis="rows", keepdims=True)

# %% integers cannot take floats in place: np.asarray(scores, float) first
def softmax(scores, axis=-1):
    e = np.array(scores)
    e -= e.mean(axis=axis, keepdims=True)
    e = np.exp(e - e.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% calls itself for each row without end
def softmax(scores, axis=-1):
    return np.array([softmax(row) for row in scores])

# %% yields rows where an array is due
def softmax(scores, axis=-1):
    for row in np.asarray(scores, float):
        yield np.exp(row) / np.exp(row).sum()

# %% matplotlib is not there: a plot belongs below `if __name__ == "__main__":`
import matplotlib.pyplot as plt
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    plt.plot(e)
    return e / e.sum(axis=axis, keepdims=True)

# %% softmax does not exist in numpy
del softmax
from numpy import softmax

# %% a variable is misspelt
def softmax(scores, axis=-1):
    scores = np.asarray(scores, float)
    shifted = scores - scores.max(axis=axis, keepdims=True)
    e = np.exp(shfited)
    return e / e.sum(axis=axis, keepdims=True)

# %% the shares are added up again at the end
def softmax(scores, axis=-1):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return (e / e.sum(axis=axis, keepdims=True)).sum(axis=axis)

# %% divides by how many there are, not by what they add up to
def softmax(scores, axis=-1):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.size

# %% reduce_sum is tensorflow's
def softmax(scores, axis=-1):
    e = np.exp(scores)
    return e / np.reduce_sum(e, axis=axis, keepdims=True)

# %% apply_along_axis wants the axis before the array
def softmax(scores, axis=-1):
    return np.apply_along_axis(lambda s: np.exp(s) / np.sum(np.exp(s)), scores, axis)

# %% yield makes a generator; return hands over the answer
def softmax(scores, axis=-1):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    yield e / e.sum(axis=axis, keepdims=True)

# %% a comma after the returned value makes a tuple
def softmax(scores, axis=-1):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True),

# %% the scores are sorted first
def softmax(scores, axis=-1):
    scores = np.sort(np.asarray(scores, float), axis=axis)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% cumsum is a running sum
def softmax(scores, axis=-1):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.cumsum(axis=axis)

# %% the exponential is taken twice
def softmax(scores, axis=-1):
    scores = np.asarray(scores, float)
    e = np.exp(np.exp(scores - scores.max(axis=axis, keepdims=True)))
    return e / e.sum(axis=axis, keepdims=True)

# %% reshape(-1, 1) fits tables alone, and rows alone
def softmax(scores, axis=-1):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=axis).reshape(-1, 1))
    return e / e.sum(axis=axis).reshape(-1, 1)

# %% dtype=int cuts the scores off
def softmax(scores, axis=-1):
    scores = np.array(scores, dtype=int)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% float16 holds three digits
def softmax(scores, axis=-1):
    scores = np.array(scores, dtype=np.float16)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
