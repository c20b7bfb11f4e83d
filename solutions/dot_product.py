# %% [markdown]
# # 1. Dot product: how alike are two words?
#
# *About 35 minutes.*
#
# *The animal didn't cross the street because it was too tired.*
#
# What does *it* look at? You knew before you reached the full stop: the animal, not the street.
# This course teaches a few dozen lines of numpy to make the same choice. You write them, and at
# the end nothing in between is magic.
#
# ## How a lesson works
#
# A lesson says below its title how long it takes, with time to think and to slip. Read from top to
# bottom, and make a guess where it says **Predict**. Then write your own code in the place of
# `raise NotImplementedError`. The examples in a function's description show what it must return.
# Where it says *array* and *float64*, a list of numbers will do as well. `float32` will not: it
# holds seven digits, and later lessons need more.
#
# Lines below `if __name__ == "__main__":` show you something, and the text after them says what you
# should see. In a notebook, run the cell. In a terminal, go to the course's folder and run the
# whole lesson:
#
#     python exercises/dot_product.py
#
# Change these lines as you like. Nobody grades them, and the lessons that build on this one do not
# run them. When they stop with `NotImplementedError`, they need a function that you have not
# written yet.
#
# Are your functions right? In a notebook, run the cell that checks them. In a terminal, type
#
#     grader check dot_product
#
# ## Words as numbers
#
# A model stores every word as a list of numbers, its **embedding**. The numbers are learned, so
# that words which are used alike get similar lists. Real embeddings have hundreds of numbers or
# more. Here are eight words with two numbers each, few enough to check by hand.

# %%
import numpy as np

WORDS = ["The", "FBI", "is", "chasing", "a", "criminal", "the", "run"]
EMBEDDINGS = np.array(  # (8, 2): one word per row, as everywhere in this course
    [
        [1.0, 0.2],  # The
        [0.7, 0.9],  # FBI
        [0.5, 0.3],  # is
        [0.6, 1.0],  # chasing
        [0.4, 0.2],  # a
        [0.9, 0.8],  # criminal
        [1.0, 0.1],  # the
        [0.4, 0.5],  # run
    ]
)
CHASING = EMBEDDINGS[3]

# %% [markdown]
# ## Multiply in pairs, then add
#
# The **dot product** of two vectors multiplies them number by number and adds up the products:
#
# $$u \cdot v = u_1 v_1 + u_2 v_2 + \dots + u_d v_d$$
#
# Two vectors that are large in the same places get a large result; vectors that disagree in sign
# get a negative one; vectors at a right angle get 0. However long the vectors are, the answer is
# *one* number: a **score**.
#
# **Predict, with a pencil.** Which word scores higher with *chasing* (0.6, 1.0): *run* (0.4, 0.5)
# or *The* (1.0, 0.2)? Which of the two *should*? Write both dot products down before you go on.


# %%
def dot_product(u: np.ndarray, v: np.ndarray) -> float:
    """Multiply two vectors number by number and add up the products.

    Parameters
    ----------
    u, v : shape (d,), two vectors with the same number d of entries

    Returns
    -------
    float : one number, positive when the vectors point the same way on the whole

    Raises
    ------
    ValueError : when u and v differ in their number of entries (numpy does not always complain)

    Examples
    --------
    >>> float(dot_product(np.array([1, 2, 3]), np.array([4, 5, 6])))
    32.0
    >>> float(dot_product(np.array([0.5, 0.25]), np.array([-1, 0.5])))
    -0.375
    >>> float(dot_product(np.array([2, 0]), np.array([0, 5])))  # at a right angle
    0.0
    >>> try:
    ...     dot_product(np.array([1, 2, 3]), np.array([4]))
    ... except ValueError:
    ...     print("refused")
    refused
    """
    ### BEGIN SOLUTION
    u, v = np.asarray(u, dtype=float), np.asarray(v, dtype=float)
    if len(u) != len(v):
        raise ValueError(f"a dot product needs vectors of equal length, got {len(u)} and {len(v)}")
    return float(np.sum(u * v))
    ### END SOLUTION


# %%
# Was your pencil right?
if __name__ == "__main__":
    print(f"{dot_product(CHASING, EMBEDDINGS[7]):.2f} with run")
    print(f"{dot_product(CHASING, EMBEDDINGS[0]):.2f} with The")

# %% [markdown]
#     0.74 with run
#     0.80 with The
#
# ## Length is not likeness
#
# *The* wins, and that is odd: *run* points almost exactly where *chasing* points. But *run* is a
# short vector, and the dot product rewards length. Make *run* twice as long and its score doubles,
# although its direction, and so its meaning, has not moved.
#
# **Cosine similarity** asks about direction only. It divides out *both* lengths,
#
# $$\cos(u, v) = \frac{u \cdot v}{\lVert u \rVert \, \lVert v \rVert},
# \qquad \lVert u \rVert = \sqrt{u \cdot u}$$
#
# so it is 1 for the same direction, 0 at a right angle, and -1 for opposite directions. A vector
# of zeros points nowhere; we agree that its cosine with anything is 0.


# %%
def cosine_similarity(u: np.ndarray, v: np.ndarray) -> float:
    """Compare the directions of two vectors, whatever their lengths.

    Parameters
    ----------
    u, v : shape (d,), two vectors with the same number d of entries

    Returns
    -------
    float : between -1 (opposite) and 1 (same direction); 0.0 when u or v is all zeros

    Examples
    --------
    >>> round(float(cosine_similarity(np.array([3, 4]), np.array([30, 40]))), 6)  # same direction
    1.0
    >>> round(float(cosine_similarity(np.array([3, 4]), np.array([-1, -1]))), 6)  # far apart
    -0.989949
    >>> float(cosine_similarity(np.array([3, 4]), np.array([0, 0])))
    0.0
    >>> round(float(cosine_similarity(np.array([0, 1, -1]), np.array([0, 2, -2]))), 6)  # not zeros
    1.0
    """
    ### BEGIN SOLUTION
    u, v = np.asarray(u, dtype=float), np.asarray(v, dtype=float)
    length_u, length_v = np.linalg.norm(u), np.linalg.norm(v)
    if length_u == 0 or length_v == 0:
        return 0.0
    cosine = dot_product(u / length_u, v / length_v)
    return float(np.clip(cosine, -1.0, 1.0))  # rounding may step just outside
    ### END SOLUTION


# %% [markdown]
# ## One query, many keys
#
# The question is about *it*; the candidates are all words of the sentence. So we compare one vector
# with many: a **query** with a table of **keys**, one key per row. Each key gets its own dot
# product, and the scores come back in the order of the keys. They are raw dot products, not
# cosines: attention lets a word be loud by having a long vector.


# %%
def similarity_scores(query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Score one query against every key by their dot product.

    Parameters
    ----------
    query : shape (d,), the vector that asks
    keys : shape (n, d), one key per row; n may be any number, also different from d

    Returns
    -------
    array of shape (n,), float64 : entry j is the dot product of the query and row j of keys

    Examples
    --------
    >>> scores = similarity_scores(np.array([1, 2]), np.array([[-0.625, 0], [0, 1], [3, 3]]))
    >>> np.round(scores, 3).tolist()
    [-0.625, 2.0, 9.0]
    >>> np.round(similarity_scores(CHASING, EMBEDDINGS[:3]), 2).tolist()  # The, FBI, is
    [0.8, 1.32, 0.6]
    """
    ### BEGIN SOLUTION
    query, keys = np.asarray(query, dtype=float), np.asarray(keys, dtype=float)
    return keys @ query  # (n, d) @ (d,) -> (n,)
    ### END SOLUTION


# %% [markdown]
# ## What you should see
#
# How alike is each word to *chasing*? First the dot product, then the cosine, drawn as a bar.

# %%
if __name__ == "__main__":
    for word, vector in zip(WORDS, EMBEDDINGS):
        dot, cosine = dot_product(CHASING, vector), cosine_similarity(CHASING, vector)
        print(f"{word:9} {dot:.2f}  {cosine:.2f} ▏{'█' * round(20 * float(cosine))}")

# %% [markdown]
#     The       0.80  0.67 ▏█████████████
#     FBI       1.32  0.99 ▏████████████████████
#     is        0.60  0.88 ▏██████████████████
#     chasing   1.36  1.00 ▏████████████████████
#     a         0.44  0.84 ▏█████████████████
#     criminal  1.34  0.95 ▏███████████████████
#     the       0.70  0.60 ▏████████████
#     run       0.74  0.99 ▏████████████████████
#
# By cosine, *FBI* and *run* are the nearest: the one who chases, and the action most like it. By
# dot product, *criminal* overtakes both, because its vector is long. Neither is wrong. They answer
# different questions. Which one did you ask?
#
# ## Out of scope
#
# Where embeddings come from (training). And a score is no share yet: 1.32 of what? Lesson 2 turns
# scores into shares that add up to 1.
