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

# %% a colon is missing at the end of the `def` line
def dot_product(u, v)
    return float(np.dot(u, v))

# %% Python says def, not function
function dot_product(u, v):
    return float(np.dot(u, v))

# %% `for i = 1:n` is Matlab's; for i in range(n)
def dot_product(u, v):
    s = 0.0
    for i = 1:len(u)
        s = s + u[i] * v[i]
    return s

# %% `.*` is Matlab's; numpy writes u * v
def dot_product(u, v):
    return float(sum(u .* v))

# %% u' is Matlab's transpose; u.T, and here np.dot(u, v)
def dot_product(u, v):
    return u' * v

# %% `end` closes nothing in Python: the indentation does
def dot_product(u, v):
    s = 0.0
    for a, b in zip(u, v):
        s += a * b
    end
    return s

# %% length() belongs to R and Matlab; len(u)
def dot_product(u, v):
    if length(u) != length(v):
        raise ValueError("lengths")
    return float(np.dot(u, v))

# %% an array has no length; len(u)
def dot_product(u, v):
    if u.length != v.length:
        raise ValueError("lengths")
    return float(np.dot(u, v))

# %% SUMPRODUCT is Excel's; np.dot(u, v)
def dot_product(u, v):
    return SUMPRODUCT(u, v)

# %% && is C's and R's; and
def dot_product(u, v):
    if len(u) > 0 && len(u) != len(v):
        raise ValueError("lengths")
    return float(np.dot(u, v))

# %% <> is Excel's; !=
def dot_product(u, v):
    if len(u) <> len(v):
        raise ValueError("lengths")
    return float(np.dot(u, v))

# %% `else if` is written elif
def cosine_similarity(u, v):
    if not np.any(u):
        return 0.0
    else if not np.any(v):
        return 0.0
    return float(np.dot(u, v) / (np.linalg.norm(u) * np.linalg.norm(v)))

# %% Python has no ++; i += 1
def dot_product(u, v):
    i, s = 0, 0.0
    while i < len(u):
        s += u[i] * v[i]
        i++
    return s

# %% Python has no braces around a block: a colon and indentation
def dot_product(u, v) {
    return float(np.dot(u, v));
}

# %% `<-` is R's assignment; s = …
def dot_product(u, v):
    s <- sum(a * b for a, b in zip(u, v))
    return s

# %% an integer cannot be looped over: range(len(u))
def dot_product(u, v):
    s = 0.0
    for i in len(u):
        s += u[i] * v[i]
    return s

# %% range takes a number, not the array: range(len(u))
def dot_product(u, v):
    s = 0.0
    for i in range(u):
        s += u[i] * v[i]
    return s

# %% print is a function: brackets
def dot_product(u, v):
    print "dot", u, v
    return float(np.dot(u, v))

# %% a text cannot be raised: raise ValueError(…)
def dot_product(u, v):
    if len(u) != len(v):
        raise "lengths differ"
    return float(np.dot(u, v))

# %% an assert raises AssertionError; a ValueError is asked for
def dot_product(u, v):
    assert len(u) == len(v), "lengths differ"
    return float(np.dot(u, v))

# %% Python knows no `new`: raise ValueError(…)
def dot_product(u, v):
    if len(u) != len(v):
        raise new ValueError("lengths")
    return float(np.dot(u, v))

# %% np.dot takes two arrays with a comma between them
def dot_product(u, v):
    return float(np.dot(u * v))

# %% a comma is missing between u and v
def dot_product(u, v):
    return float(np.dot(u v))

# %% × is no operator: *
def dot_product(u, v):
    return float(sum(a × b for a, b in zip(u, v)))

# %% ² is no power: ** 2
def cosine_similarity(u, v):
    return float(np.dot(u, v) / np.sqrt(sum(u²) * sum(v²)))

# %% a comma of another keyboard: type , again
def dot_product(u， v):
    return float(np.dot(u, v))

# %% an invisible character came along with the copy: delete the blanks and type them again
def dot_product(u, v):
    return float(np.dot(u, v))

# %% the line numbers were copied along
12 def dot_product(u, v):
13     return float(np.dot(u, v))

# %% the fence of a chat or a README was copied along
```python
def dot_product(u, v):
    return float(np.dot(u, v))
```

# %% a sentence of an answer was copied along: make it a comment
Here is the function you need:
def dot_product(u, v):
    return float(np.dot(u, v))

# %% &lt; comes from a web page: <
def dot_product(u, v):
    if len(u) &lt; len(v):
        raise ValueError("lengths")
    return float(np.dot(u, v))

# %% marks of a merge are left in the file
<<<<<<< HEAD
def dot_product(u, v):
    return float(np.dot(u, v))
=======
def dot_product(u, v):
    return float(u @ v)
>>>>>>> mine

# %% the prompt of a notebook was copied along
In [3]: def dot_product(u, v):
   ...:     return float(np.dot(u, v))

# %% the line ends in the middle of an expression: brackets, or one line
def dot_product(u, v):
    return float(np.dot(u, v)) +
        0.0

# %% lambda is a word of Python's own: another name
def dot_product(u, v):
    lambda = np.dot(u, v)
    return float(lambda)

# %% the sum is used before it has a value: s = 0.0 before the loop
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    for a, b in zip(u, v):
        s += a * b
    return float(s)

# %% the sum starts again in each round: s = 0.0 belongs before the loop
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    for a, b in zip(u, v):
        s = 0.0
        s += a * b
    return float(s)

# %% `s =+ …` sets s to a positive number; +=
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    s = 0.0
    for a, b in zip(u, v):
        s =+ a * b
    return float(s)

# %% adds instead of multiplying
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(sum(a + b for a, b in zip(u, v)))

# %% sums first, multiplies then: multiply in pairs first
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(np.sum(u) * np.sum(v))

# %% two vectors have no axis 1
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(np.sum(np.asarray(u) * np.asarray(v), axis=1))

# %% the products are returned, not their sum
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return np.asarray(u) * np.asarray(v)

# %% every loop pairs each entry with each: zip goes through both together
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    return float(sum(a * b for a in u for b in v))

# %% the angle comes back, not its cosine
def cosine_similarity(u, v):
    n = np.linalg.norm(u) * np.linalg.norm(v)
    return float(np.arccos(np.dot(u, v) / n)) if n else 0.0

# %% sqrt stands in numpy: np.sqrt
def cosine_similarity(u, v):
    n = sqrt(dot_product(u, u)) * sqrt(dot_product(v, v))
    return dot_product(u, v) / n if n else 0.0

# %% a decimal comma makes a pair of it: 0.0
def cosine_similarity(u, v):
    n = np.linalg.norm(u) * np.linalg.norm(v)
    if n == 0:
        return 0,0
    return float(np.dot(u, v) / n)

# %% math.sqrt takes one number, not a vector
def cosine_similarity(u, v):
    import math
    return float(np.dot(u, v) / math.sqrt(u * u))

# %% `except: pass` swallows what goes wrong and returns nothing
def cosine_similarity(u, v):
    try:
        return dot(u, v) / (norm(u) * norm(v))
    except:
        pass

# %% cdist is scipy's, and it is not there
from scipy.spatial.distance import cosine
def cosine_similarity(u, v):
    return 1 - cosine(u, v)

# %% the scores are sorted: they belong in the order of the keys
def similarity_scores(query, keys):
    return np.array(sorted(dot_product(query, key) for key in keys))

# %% only the best one comes back
def similarity_scores(query, keys):
    return max(dot_product(query, key) for key in keys)

# %% return stands in the loop: after the first key it is over
def similarity_scores(query, keys):
    scores = []
    for key in keys:
        scores.append(dot_product(query, key))
        return np.array(scores)

# %% append with square brackets
def similarity_scores(query, keys):
    scores = []
    for key in keys:
        scores.append[dot_product(query, key)]
    return np.array(scores)

# %% a list that is empty has no place i: append
def similarity_scores(query, keys):
    scores = []
    for i in range(len(keys)):
        scores[i] = dot_product(query, keys[i])
    return np.array(scores)

# %% a ValueError is asked for, not a TypeError
def dot_product(u, v):
    if len(u) != len(v):
        raise TypeError("lengths")
    return float(np.dot(u, v))

# %% the condition is the wrong way round
def dot_product(u, v):
    if len(u) == len(v):
        raise ValueError("lengths")
    return float(np.dot(u, v))

# %% the sum starts at 1
def dot_product(u, v):
    if len(u) != len(v):
        raise ValueError("lengths")
    total = 1
    for a, b in zip(u, v):
        total += a * b
    return float(total)

# %% what is added against 0 / 0 is large enough to be seen
def cosine_similarity(u, v):
    return float(dot_product(u, v) / (np.linalg.norm(u) * np.linalg.norm(v) + 1e-6))

# %% a class comes back, where an exception should be raised
def dot_product(u, v):
    return float(np.dot(u, v)) if len(u) == len(v) else ValueError

# %% norm takes one vector; its second value is the kind of length
def cosine_similarity(u, v):
    return dot_product(u, v) / np.linalg.norm(u, v)
