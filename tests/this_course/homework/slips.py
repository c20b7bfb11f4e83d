# Slips of the hand and of habit, as learners make them. Each cell is appended to the solution of its lesson.
# Head of a cell: `%% lesson`, then `tutor:` what a tutor would say on seeing it.

# %% dot_product
# tutor: `^` is exclusive or in Python; power is `**`
def cosine_similarity(u, v):
    n = sum(x^2 for x in u) * sum(y^2 for y in v)
    return float(np.dot(u, v) / np.sqrt(n)) if n else 0.0

# %% dot_product
# tutor: `a**1/2` is (a**1)/2; write `a**0.5` or np.sqrt
def cosine_similarity(u, v):
    n = dot_product(u, u)**1/2 * dot_product(v, v)**1/2
    return dot_product(u, v) / n if n else 0.0

# %% dot_product
# tutor: typographic quotes around a text: type them again
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError(“lengths differ”)
    return float(np.dot(u, v))

# %% dot_product
# tutor: a minus sign pasted from a text is another character: type -
def cosine_similarity(u, v):
    return float(1 − np.dot(u, v))

# %% dot_product
# tutor: a dash pasted from a text is no minus: type -
def dot_product(u, v):
    return float(sum(u[i] * v[i] for i in range(len(u) – 0)))

# %% dot_product
# tutor: `>>>` is the prompt of an example: take it out
>>> def dot_product(u, v):
...     return float(np.dot(u, v))

# %% dot_product
# tutor: `return` stands outside the function: indent it
def dot_product(u, v):
    s = 0.0
    for a, b in zip(u, v):
        s += a * b
return s

# %% dot_product
# tutor: `return` stands in the loop: it ends after the first product
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    s = 0.0
    for a, b in zip(u, v):
        s += a * b
        return s

# %% dot_product
# tutor: the loop is one short: range(len(u)) counts them all
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    s = 0.0
    for i in range(len(u) - 1):
        s += u[i] * v[i]
    return float(s)

# %% dot_product
# tutor: the loop is one too long: the last index is len(u) - 1
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    s = 0.0
    for i in range(len(u) + 1):
        s += u[i] * v[i]
    return float(s)

# %% dot_product
# tutor: range(1, n) leaves out the first; Python counts from 0
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(sum(u[i] * v[i] for i in range(1, len(u))))

# %% dot_product
# tutor: `//` drops what is behind the point; divide by /
def cosine_similarity(u, v):
    n = np.linalg.norm(u) * np.linalg.norm(v)
    return float(np.dot(u, v) // n) if n else 0.0

# %% dot_product
# tutor: brackets: you divide by one norm and multiply by the other
def cosine_similarity(u, v):
    nu, nv = np.linalg.norm(u), np.linalg.norm(v)
    return float(np.dot(u, v) / nu * nv) if nu and nv else 0.0

# %% dot_product
# tutor: the function is called dot_product, not dotproduct
del dot_product
def dotproduct(u, v):
    return float(np.dot(u, v))

# %% dot_product
# tutor: the function is called cosine_similarity: this one lost an i
del cosine_similarity
def cosine_similarty(u, v):
    return 0.0

# %% dot_product
# tutor: `raise NotImplementedError` still stands under your code
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    s = float(np.dot(u, v))
    raise NotImplementedError

# %% dot_product
# tutor: nothing comes back: `return` is missing
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    s = float(np.dot(u, v))

# %% dot_product
# tutor: it prints the result; the caller needs it returned
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    print(float(np.dot(u, v)))

# %% dot_product
# tutor: `=` sets, `==` compares
def dot_product(u, v):
    if len(u) = len(v):
        return float(np.dot(u, v))
    raise ValueError("lengths")

# %% dot_product
# tutor: a colon is missing after the `if`
def dot_product(u, v):
    if len(u) != len(v)
        raise ValueError("lengths")
    return float(np.dot(u, v))

# %% dot_product
# tutor: a bracket is not closed
def dot_product(u, v):
    return float(np.dot(u, v)

# %% dot_product
# tutor: a bracket too many
def dot_product(u, v):
    return float(np.dot(u, v)))

# %% dot_product
# tutor: the lines of a block need the same indentation
def dot_product(u, v):
    s = 0.0
      for a, b in zip(u, v):
        s += a * b
    return s

# %% dot_product
# tutor: the body of the function has to be indented
def dot_product(u, v):
s = 0.0
return s

# %% dot_product
# tutor: tabs and blanks are mixed
def dot_product(u, v):
	s = 0.0
        return s

# %% dot_product
# tutor: `sum` is called with two numbers; it takes one list
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(sum(u, v))

# %% dot_product
# tutor: `sum` was given another name's value before: `sum = 0` hides the function
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    sum = 0.0
    products = [a * b for a, b in zip(u, v)]
    return sum(products)

# %% dot_product
# tutor: the name is `total`, further up it was `Total`
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    Total = 0.0
    for a, b in zip(u, v):
        Total += a * b
    return total

# %% dot_product
# tutor: lists cannot be multiplied entry by entry: np.asarray first
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(sum(list(u) * list(v)))

# %% dot_product
# tutor: an array is not called like a function: square brackets
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(sum(u(i) * v(i) for i in range(len(u))))

# %% dot_product
# tutor: `u[i]` of a loop over the entries: i is the entry already
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(sum(u[i] * v[i] for i in u))

# %% dot_product
# tutor: ValueError is returned, not raised
def dot_product(u, v):
    if len(u) != len(v):
        return ValueError("lengths differ")
    return float(np.dot(u, v))

# %% dot_product
# tutor: a text is returned where a number is due
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return f"{np.dot(u, v)}"

# %% dot_product
# tutor: a one-entry array is returned where a number is due
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return np.array([np.dot(u, v)])

# %% dot_product
# tutor: numpy has no `Dot`; names are case sensitive: np.dot
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(np.Dot(u, v))

# %% dot_product
# tutor: the norm lives in np.linalg
def cosine_similarity(u, v):
    n = np.norm(u) * np.norm(v)
    return float(np.dot(u, v) / n) if n else 0.0

# %% dot_product
# tutor: `math` is not imported
def cosine_similarity(u, v):
    n = math.sqrt(np.dot(u, u) * np.dot(v, v))
    return float(np.dot(u, v) / n) if n else 0.0

# %% dot_product
# tutor: `is` asks for the same object; compare numbers with ==
def cosine_similarity(u, v):
    n = np.linalg.norm(u) * np.linalg.norm(v)
    if n is 0.0:
        return 0.0
    return float(np.dot(u, v) / n)

# %% dot_product
# tutor: `if u == 0` asks every entry at once: use not np.any(u)
def cosine_similarity(u, v):
    if u == 0 or v == 0:
        return 0.0
    return float(np.dot(u, v) / (np.linalg.norm(u) * np.linalg.norm(v)))

# %% dot_product
# tutor: the parameters are missing in the head of the function
def dot_product():
    return float(np.dot(u, v))

# %% dot_product
# tutor: the function asks for a third argument that nobody hands over
def dot_product(u, v, n):
    return float(sum(u[i] * v[i] for i in range(n)))

# %% dot_product
# tutor: the vectors are fixed inside: use the parameters
def dot_product(u, v):
    u = np.array([1.0, 2.0, 3.0])
    v = np.array([4.0, 5.0, 6.0])
    return float(np.dot(u, v))

# %% dot_product
# tutor: `...` still stands in the place of the answer
def dot_product(u, v):
    s = ...
    return float(s)

# %% dot_product
# tutor: `input()` has nobody to ask here; use the parameters
def dot_product(u, v):
    n = int(input("How many? "))
    return float(sum(u[i] * v[i] for i in range(n)))

# %% dot_product
# tutor: it calls itself without end
def dot_product(u, v):
    return dot_product(u, v)

# %% dot_product
# tutor: the loop never ends: i does not grow
def dot_product(u, v):
    i, s = 0, 0.0
    while i < len(u):
        s += u[i] * v[i]
    return s

# %% dot_product
# tutor: a method of the array class does not exist: np.dot(u, v) or u @ v
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(u.matmul(v))

# %% dot_product
# tutor: the keys are rows: loop over keys, not over the numbers of one
def similarity_scores(query, keys):
    return np.array([dot_product(query, keys[0]) for key in keys])

# %% dot_product
# tutor: append gives nothing back: `scores = scores.append(…)` makes None of it
def similarity_scores(query, keys):
    scores = []
    for key in keys:
        scores = scores.append(dot_product(query, key))
    return np.array(scores)

# %% dot_product
# tutor: the other order: (n, d) @ (d,) fits
def similarity_scores(query, keys):
    return query @ keys

# %% softmax
# tutor: torch calls it dim; numpy calls it axis
def softmax(scores, axis=-1):
    e = np.exp(scores - scores.max(dim=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% softmax
# tutor: numpy writes keepdims with an s
def softmax(scores, axis=-1):
    scores = np.asarray(scores, float)
    e = np.exp(scores - np.max(scores, axis=axis, keepdim=True))
    return e / np.sum(e, axis=axis, keepdim=True)

# %% softmax
# tutor: an array has no method exp: np.exp(scores)
def softmax(scores, axis=-1):
    e = scores.exp()
    return e / e.sum(axis=axis, keepdims=True)

# %% softmax
# tutor: without keepdims the sums do not line up with the rows
def softmax(scores, axis=-1):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis)

# %% softmax
# tutor: the same for the maximum
def softmax(scores, axis=-1):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=axis))
    return e / e.sum(axis=axis, keepdims=True)

# %% softmax
# tutor: math.exp takes one number; np.exp takes arrays
def softmax(scores, axis=-1):
    import math
    e = math.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% softmax
# tutor: numpy has no softmax: write it
def softmax(scores, axis=-1):
    return np.softmax(scores, axis=axis)

# %% softmax
# tutor: scipy is not there; write it with numpy
def softmax(scores, axis=-1):
    from scipy.special import softmax as ready
    return ready(scores, axis=axis)

# %% softmax
# tutor: torch is not there; write it with numpy
def softmax(scores, axis=-1):
    import torch
    return torch.softmax(torch.tensor(scores), dim=axis).numpy()

# %% softmax
# tutor: pandas is not there, nor needed
def softmax(scores, axis=-1):
    import pandas as pd
    e = np.exp(pd.DataFrame(scores))
    return e.div(e.sum(axis=1), axis=0).values

# %% softmax
# tutor: the parameter axis is missing
def softmax(scores):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

# %% softmax
# tutor: the default of axis is missing
def softmax(scores, axis):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% softmax
# tutor: the parameter is called axis, not dim
def softmax(scores, dim=-1):
    scores = np.asarray(scores, float)
    e = np.exp(scores - scores.max(axis=dim, keepdims=True))
    return e / e.sum(axis=dim, keepdims=True)

# %% softmax
# tutor: a list has no max(axis=…): np.asarray first
def softmax(scores, axis=-1):
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% softmax
# tutor: the builtin max compares whole rows: use np.max
def softmax(scores, axis=-1):
    e = np.exp(np.asarray(scores, float) - max(scores))
    return e / e.sum(axis=axis, keepdims=True)

# %% softmax
# tutor: brackets: exp of the quotient, not the quotient of exps
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    return np.exp(s - s.max(axis=axis, keepdims=True) / np.exp(s).sum(axis=axis, keepdims=True))

# %% softmax
# tutor: subtracts the maximum after exp
def softmax(scores, axis=-1):
    e = np.exp(np.asarray(scores, float))
    e = e - e.max(axis=axis, keepdims=True)
    return e / e.sum(axis=axis, keepdims=True)

# %% softmax
# tutor: adds the maximum instead of taking it off
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s + s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% softmax
# tutor: gives back the exponentials: the division is computed and thrown away
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    e / e.sum(axis=axis, keepdims=True)
    return e

# %% softmax
# tutor: `np.exp(s) / sum(np.exp(s))`: the builtin sum adds rows up
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / sum(e)

# %% softmax
# tutor: the result is named softmax inside and hides the function
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    softmax = e / e.sum(axis=axis, keepdims=True)

# %% softmax
# tutor: a name bound again further down: softmax is an array at the end
softmax = softmax(np.array([1.0, 2.0, 3.0]))

# %% softmax
# tutor: a test at the bottom fails; the function above may be right
assert softmax(np.array([1.0, 2.0])).sum() == 2

# %% softmax
# tutor: a list of arrays is returned where an array is due
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    return [np.exp(row) for row in s]

# %% softmax
# tutor: np.exp is missing its call: brackets
def softmax(scores, axis=-1):
    e = np.exp[scores]
    return e / e.sum(axis=axis, keepdims=True)

# %% softmax
# tutor: a comma makes a pair of it
def softmax(scores, axis=-1):
    s = np.asarray(scores, float)
    e = np.exp(s - s.max(axis=axis, keepdims=True)),
    return e / e.sum(axis=axis, keepdims=True)

# %% softmax
# tutor: `np` was never imported under this name: numpy.exp
def softmax(scores, axis=-1):
    e = numpy.exp(scores)
    return e / e.sum(axis=axis, keepdims=True)

# %% softmax
# tutor: np.float is gone; float
def softmax(scores, axis=-1):
    s = np.asarray(scores, dtype=np.float)
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

# %% softmax
# tutor: np.product is gone; np.prod
def softmax(scores, axis=-1):
    n = np.product(np.shape(scores))
    e = np.exp(scores)
    return e / e.sum(axis=axis, keepdims=True) * n / n

# %% softmax
# tutor: view belongs to torch; reshape
def softmax(scores, axis=-1):
    e = np.exp(scores)
    return e / e.sum(axis).view(-1, 1)

# %% softmax
# tutor: unsqueeze belongs to torch; keepdims=True or [:, None]
def softmax(scores, axis=-1):
    e = np.exp(scores)
    return e / e.sum(axis=axis).unsqueeze(axis)

# %% attention_matrix
# tutor: X * X.T multiplies entry by entry; the matrix product is @
def attention_scores(X):
    return X * X.T / np.sqrt(X.shape[1])

# %% attention_matrix
# tutor: shape without an index is a pair: X.shape[1]
def attention_scores(X):
    return X @ X.T / np.sqrt(X.shape)

# %% attention_matrix
# tutor: shape is no function: square brackets
def attention_scores(X):
    return X @ X.T / np.sqrt(X.shape(1))

# %% attention_matrix
# tutor: size() belongs to torch; X.shape[1]
def attention_scores(X):
    return X @ X.T / np.sqrt(X.size(1))

# %% attention_matrix
# tutor: len(X) is the number of rows, not of columns
def attention_scores(X):
    return X @ X.T / np.sqrt(len(X))

# %% attention_matrix
# tutor: X @ X does not fit: (n, d) @ (n, d)
def attention_scores(X):
    return X @ X / np.sqrt(X.shape[1])

# %% attention_matrix
# tutor: X.T is no function
def attention_scores(X):
    return X @ X.T() / np.sqrt(X.shape[1])

# %% attention_matrix
# tutor: transpose(-2, -1) is torch's; X.T
def attention_scores(X):
    return X @ X.transpose(-2, -1) / np.sqrt(X.shape[-1])

# %% attention_matrix
# tutor: brackets: only the second factor is divided, and X.T first
def attention_scores(X):
    return X @ (X.T / X.shape[1]) ** 0.5

# %% attention_matrix
# tutor: d is never set
def attention_scores(X):
    return X @ X.T / np.sqrt(d)

# %% attention_matrix
# tutor: math.sqrt of the scores: the root belongs to d
def attention_scores(X):
    return np.sqrt(X @ X.T) / X.shape[1]

# %% attention_matrix
# tutor: softmax is called without its argument
def attention_matrix(X):
    return softmax()

# %% attention_matrix
# tutor: dim is torch's; your softmax calls it axis
def attention_matrix(X):
    return softmax(attention_scores(X), dim=-1)

# %% attention_matrix
# tutor: hands over X instead of its scores
def attention_matrix(X):
    return softmax(X)

# %% attention_matrix
# tutor: the function is handed over instead of its result: brackets
def attention_matrix(X):
    return softmax(attention_scores)

# %% attention_matrix
# tutor: computes the scores and forgets to use them
def attention_matrix(X):
    scores = attention_scores(X)
    return softmax(X @ X.T)

# %% attention_matrix
# tutor: the import has a wrong name
from softmax import soft_max
def attention_matrix(X):
    return soft_max(attention_scores(X))

# %% attention_matrix
# tutor: weights * X does not fit; the matrix product is @
def blend(weights, X):
    return weights * X

# %% attention_matrix
# tutor: the other way round: weights @ X
def blend(weights, X):
    return X @ weights

# %% attention_matrix
# tutor: a sum over the wrong axis
def blend(weights, X):
    return (np.asarray(weights, float)[:, :, None] * np.asarray(X, float)[None]).sum(axis=0)

# %% attention_matrix
# tutor: adds all up to one number
def blend(weights, X):
    return np.sum(np.asarray(weights) @ np.asarray(X))

# %% attention_matrix
# tutor: `weights = ...` was left in the code
def blend(weights, X):
    weights = ...
    return weights @ X

# %% attention_matrix
# tutor: argmax over everything
def most_attended(weights, i):
    return int(np.argmax(weights))

# %% attention_matrix
# tutor: gives the weight, not its place
def most_attended(weights, i):
    return max(weights[i])

# %% attention_matrix
# tutor: comes back as an array of one
def most_attended(weights, i):
    return np.where(weights[i] == max(weights[i]))

# %% attention_matrix
# tutor: the index is a text
def most_attended(weights, i):
    return str(np.argmax(weights[i]))

# %% attention_matrix
# tutor: the word instead of its index
def most_attended(weights, i):
    return WORDS[np.argmax(weights[i])]

# %% qkv
# tutor: W on the left does not fit: X @ W_q
def project_qkv(X, W_q, W_k, W_v):
    return W_q @ X, W_k @ X, W_v @ X

# %% qkv
# tutor: * is entry by entry; the matrix product is @
def project_qkv(X, W_q, W_k, W_v):
    return X * W_q, X * W_k, X * W_v

# %% qkv
# tutor: returns one thing: the commas are missing
def project_qkv(X, W_q, W_k, W_v):
    return [X @ W_q + X @ W_q]

# %% qkv
# tutor: two of three come back
def project_qkv(X, W_q, W_k, W_v):
    return X @ W_q, X @ W_k

# %% qkv
# tutor: a dict comes back where three arrays are due
def project_qkv(X, W_q, W_k, W_v):
    return {"Q": X @ W_q, "K": X @ W_k, "V": X @ W_v}

# %% qkv
# tutor: a letter: W_Q is another name than W_q
def project_qkv(X, W_q, W_k, W_v):
    return X @ W_Q, X @ W_K, X @ W_V

# %% qkv
# tutor: the same letter twice: K is made of W_q
def project_qkv(X, W_q, W_k, W_v):
    Q = X @ W_q
    K = X @ W_q
    V = X @ W_v
    return Q, K, V

# %% qkv
# tutor: np.array of three of different widths does not work: return a tuple
def project_qkv(X, W_q, W_k, W_v):
    return np.array([X @ W_q, X @ W_k, X @ W_v])

# %% qkv
# tutor: Q @ K does not fit: K.T
def qk_scores(Q, K):
    return Q @ K

# %% qkv
# tutor: np.dot with three arguments: the third is an output
def qk_scores(Q, K):
    return np.dot(Q, K.T, np.sqrt(K.shape[1]))

# %% qkv
# tutor: np.cross is the cross product; @ is meant
def qk_scores(Q, K):
    return np.cross(Q, K)

# %% self_attention
# tutor: the pair comes back the other way round
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(K.shape[1]))
    return weights, weights @ V

# %% self_attention
# tutor: a name without brackets: K.shape[1] is meant
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(K.shape))
    return weights @ V, weights

# %% self_attention
# tutor: the bracket closes too late: softmax gets the product with V
def scaled_dot_product_attention(Q, K, V):
    weights = Q @ K.T / np.sqrt(K.shape[1])
    return softmax(weights @ V), softmax(weights)

# %% self_attention
# tutor: V @ weights does not fit: weights @ V
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(K.shape[1]))
    return V @ weights, weights

# %% self_attention
# tutor: dim is torch's
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(K.shape[1]), dim=-1)
    return weights @ V, weights

# %% self_attention
# tutor: in place on integers: `scores /= …` needs floats
def scaled_dot_product_attention(Q, K, V):
    scores = Q @ K.T
    scores /= np.sqrt(K.shape[1])
    weights = softmax(scores)
    return weights @ V, weights

# %% self_attention
# tutor: three arrays come from project_qkv: unpack all of them
def self_attention(X, W_q, W_k, W_v):
    Q, K = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, X)

# %% self_attention
# tutor: hands over the tuple as one argument: a star or three names
def self_attention(X, W_q, W_k, W_v):
    return scaled_dot_product_attention(project_qkv(X, W_q, W_k, W_v))

# %% self_attention
# tutor: forgets to return
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    scaled_dot_product_attention(Q, K, V)

# %% self_attention
# tutor: X + output does not fit: nobody asked for a sum
def self_attention(X, W_q, W_k, W_v):
    output, weights = scaled_dot_product_attention(*project_qkv(X, W_q, W_k, W_v))
    return X + output, weights

# %% self_attention
# tutor: self is for methods; this is a function
def self_attention(self, X, W_q, W_k, W_v):
    return scaled_dot_product_attention(*project_qkv(X, W_q, W_k, W_v))
