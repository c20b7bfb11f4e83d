# Slips of the hand and of habit, as learners make them. Each cell comes after the lesson's solution.
# Its head is what a tutor would say on seeing it.

# %% `^` is exclusive or in Python; power is `**`
def cosine_similarity(u, v):
    n = sum(x^2 for x in u) * sum(y^2 for y in v)
    return float(np.dot(u, v) / np.sqrt(n)) if n else 0.0

# %% `a**1/2` is (a**1)/2; write `a**0.5` or np.sqrt
def cosine_similarity(u, v):
    n = dot_product(u, u)**1/2 * dot_product(v, v)**1/2
    return dot_product(u, v) / n if n else 0.0

# %% typographic quotes around a text: type them again
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError(“lengths differ”)
    return float(np.dot(u, v))

# %% a minus sign pasted from a text is another character: type -
def cosine_similarity(u, v):
    return float(1 − np.dot(u, v))

# %% a dash pasted from a text is no minus: type -
def dot_product(u, v):
    return float(sum(u[i] * v[i] for i in range(len(u) – 0)))

# %% `>>>` is the prompt of an example: take it out
>>> def dot_product(u, v):
...     return float(np.dot(u, v))

# %% `return` stands outside the function: indent it
def dot_product(u, v):
    s = 0.0
    for a, b in zip(u, v):
        s += a * b
return s

# %% `return` stands in the loop: it ends after the first product
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    s = 0.0
    for a, b in zip(u, v):
        s += a * b
        return s

# %% the loop is one short: range(len(u)) counts them all
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    s = 0.0
    for i in range(len(u) - 1):
        s += u[i] * v[i]
    return float(s)

# %% the loop is one too long: the last index is len(u) - 1
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    s = 0.0
    for i in range(len(u) + 1):
        s += u[i] * v[i]
    return float(s)

# %% range(1, n) leaves out the first; Python counts from 0
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(sum(u[i] * v[i] for i in range(1, len(u))))

# %% `//` drops what is behind the point; divide by /
def cosine_similarity(u, v):
    n = np.linalg.norm(u) * np.linalg.norm(v)
    return float(np.dot(u, v) // n) if n else 0.0

# %% brackets: you divide by one norm and multiply by the other
def cosine_similarity(u, v):
    nu, nv = np.linalg.norm(u), np.linalg.norm(v)
    return float(np.dot(u, v) / nu * nv) if nu and nv else 0.0

# %% the function is called dot_product, not dotproduct
del dot_product
def dotproduct(u, v):
    return float(np.dot(u, v))

# %% the function is called cosine_similarity: this one lost an i
del cosine_similarity
def cosine_similarty(u, v):
    return 0.0

# %% `raise NotImplementedError` still stands under your code
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    s = float(np.dot(u, v))
    raise NotImplementedError

# %% nothing comes back: `return` is missing
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    s = float(np.dot(u, v))

# %% it prints the result; the caller needs it returned
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    print(float(np.dot(u, v)))

# %% `=` sets, `==` compares
def dot_product(u, v):
    if len(u) = len(v):
        return float(np.dot(u, v))
    raise ValueError("lengths")

# %% a colon is missing after the `if`
def dot_product(u, v):
    if len(u) != len(v)
        raise ValueError("lengths")
    return float(np.dot(u, v))

# %% a bracket is not closed
def dot_product(u, v):
    return float(np.dot(u, v)

# %% a bracket too many
def dot_product(u, v):
    return float(np.dot(u, v)))

# %% the lines of a block need the same indentation
def dot_product(u, v):
    s = 0.0
      for a, b in zip(u, v):
        s += a * b
    return s

# %% the body of the function has to be indented
def dot_product(u, v):
s = 0.0
return s

# %% tabs and blanks are mixed
def dot_product(u, v):
	s = 0.0
        return s

# %% `sum` is called with two numbers; it takes one list
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(sum(u, v))

# %% `sum` was given another name's value before: `sum = 0` hides the function
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    sum = 0.0
    products = [a * b for a, b in zip(u, v)]
    return sum(products)

# %% the name is `total`, further up it was `Total`
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    Total = 0.0
    for a, b in zip(u, v):
        Total += a * b
    return total

# %% lists cannot be multiplied entry by entry: np.asarray first
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(sum(list(u) * list(v)))

# %% an array is not called like a function: square brackets
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(sum(u(i) * v(i) for i in range(len(u))))

# %% `u[i]` of a loop over the entries: i is the entry already
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(sum(u[i] * v[i] for i in u))

# %% ValueError is returned, not raised
def dot_product(u, v):
    if len(u) != len(v):
        return ValueError("lengths differ")
    return float(np.dot(u, v))

# %% a text is returned where a number is due
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return f"{np.dot(u, v)}"

# %% a one-entry array is returned where a number is due
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return np.array([np.dot(u, v)])

# %% numpy has no `Dot`; names are case sensitive: np.dot
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(np.Dot(u, v))

# %% the norm lives in np.linalg
def cosine_similarity(u, v):
    n = np.norm(u) * np.norm(v)
    return float(np.dot(u, v) / n) if n else 0.0

# %% `math` is not imported
def cosine_similarity(u, v):
    n = math.sqrt(np.dot(u, u) * np.dot(v, v))
    return float(np.dot(u, v) / n) if n else 0.0

# %% `is` asks for the same object; compare numbers with ==
def cosine_similarity(u, v):
    n = np.linalg.norm(u) * np.linalg.norm(v)
    if n is 0.0:
        return 0.0
    return float(np.dot(u, v) / n)

# %% `if u == 0` asks every entry at once: use not np.any(u)
def cosine_similarity(u, v):
    if u == 0 or v == 0:
        return 0.0
    return float(np.dot(u, v) / (np.linalg.norm(u) * np.linalg.norm(v)))

# %% the parameters are missing in the head of the function
def dot_product():
    return float(np.dot(u, v))

# %% the function asks for a third argument that nobody hands over
def dot_product(u, v, n):
    return float(sum(u[i] * v[i] for i in range(n)))

# %% the vectors are fixed inside: use the parameters
def dot_product(u, v):
    u = np.array([1.0, 2.0, 3.0])
    v = np.array([4.0, 5.0, 6.0])
    return float(np.dot(u, v))

# %% `...` still stands in the place of the answer
def dot_product(u, v):
    s = ...
    return float(s)

# %% `input()` has nobody to ask here; use the parameters
def dot_product(u, v):
    n = int(input("How many? "))
    return float(sum(u[i] * v[i] for i in range(n)))

# %% it calls itself without end
def dot_product(u, v):
    return dot_product(u, v)

# %% the loop never ends: i does not grow
def dot_product(u, v):
    i, s = 0, 0.0
    while i < len(u):
        s += u[i] * v[i]
    return s

# %% a method of the array class does not exist: np.dot(u, v) or u @ v
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(u.matmul(v))

# %% the keys are rows: loop over keys, not over the numbers of one
def similarity_scores(query, keys):
    return np.array([dot_product(query, keys[0]) for key in keys])

# %% append gives nothing back: `scores = scores.append(…)` makes None of it
def similarity_scores(query, keys):
    scores = []
    for key in keys:
        scores = scores.append(dot_product(query, key))
    return np.array(scores)

# %% the other order: (n, d) @ (d,) fits
def similarity_scores(query, keys):
    return query @ keys
