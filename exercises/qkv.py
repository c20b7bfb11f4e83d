# %% [markdown]
# # 4. Query, key, value: three roles for one word
#
# Back to the question. Here is the sentence with hand-made embeddings: is the word a creature, a
# place, a deed or state, a pronoun? *it* could stand for a creature as well as for a place.

# %%
import numpy as np

SENTENCE = "The animal didn't cross the street because it was too tired"
WORDS = SENTENCE.split()
IT, ANIMAL, STREET = WORDS.index("it"), WORDS.index("animal"), WORDS.index("street")
X = np.array(  # (11, 4): n words, d_model numbers each
    [  # creature, place, deed, pronoun
        [0, 0, 0, 0],  # The
        [2, 0, 0, 0],  # animal
        [0, 0, 1, 0],  # didn't
        [0, 0, 2, 0],  # cross
        [0, 0, 0, 0],  # the
        [0, 2, 0, 0],  # street
        [0, 0, 0, 0],  # because
        [1, 1, 0, 2],  # it
        [0, 0, 1, 0],  # was
        [0, 0, 0, 0],  # too
        [1, 0, 1, 0],  # tired
    ]
)

# %% [markdown]
# ## Why the embeddings alone are not enough
#
# Score *it* against all words by plain dot products, as in lesson 3, and this comes out:
#
#     >>> (X @ X[IT]).tolist()  # one score for each of WORDS
#     [0, 2, 0, 0, 0, 2, 0, 6, 0, 0, 1]
#
# *it* looks mostly at itself (6), and it cannot tell the animal from the street: 2 for each. Worse,
# scores made from one vector per word are always mutual: *animal* scores *it* exactly as *it*
# scores *animal*. But looking is not mutual. A pronoun searches for its noun; the noun has other
# things to do.
#
# ## Three questions to each word
#
# In a library you come with a question (your **query**), compare it with the labels on the spines
# (the **keys**), and take home what the books say (the **values**). In self-attention every word
# plays all three parts, with a vector for each, made from its embedding by a learned matrix:
#
# | role | it answers | made by | shape |
# |---|---|---|---|
# | query | What am I looking for? | $Q = X W_q$ | (n, d_k) |
# | key | What can I be found by? | $K = X W_k$ | (n, d_k) |
# | value | What do I pass on? | $V = X W_v$ | (n, d_v) |
#
# Rows are tokens, so X stands on the left. (A text that writes $W_q x$ thinks of one word as a
# column; it means the same with its matrix transposed.) Queries and keys must agree in length, d_k,
# because they will be compared. Values are never compared with anything, so d_v is free.
#
# Training finds the three matrices; here we write them by hand. $W_q$ and $W_k$ have two columns,
# "creature" and "deed": a pronoun *looks for* a creature, a creature *is found as* one.

# %%
W_Q = np.array(  # (4, 2): d_model, d_k
    [  # looks for a creature, for a deed
        [0, 1],  # a creature: what does it do?
        [0, 0],  # a place
        [1, 0],  # a deed: who does it?
        [2, 0],  # a pronoun: whom do I stand for?
    ]
)
W_K = np.array(  # (4, 2): d_model, d_k
    [  # is found as a creature, as a deed
        [1, 0],  # a creature
        [0, 0],  # a place
        [0, 1],  # a deed
        [0, 0],  # a pronoun
    ]
)
W_V = np.array(  # (4, 3): d_model, d_v
    [  # passes on: creature, place, deed
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [0, 0, 0],
    ]
)

# %% [markdown]
# **Predict the shapes.** X is (11, 4), W_q and W_k are (4, 2), W_v is (4, 3). What are the shapes
# of Q, K and V? Then take *it*, (1, 1, 0, 2): what is its query?


# %%
def project_qkv(
    X: np.ndarray, W_q: np.ndarray, W_k: np.ndarray, W_v: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make each token's query, key and value.

    Parameters
    ----------
    X : shape (n, d_model), one token per row
    W_q : shape (d_model, d_k), makes the queries
    W_k : shape (d_model, d_k), makes the keys
    W_v : shape (d_model, d_v), makes the values

    Returns
    -------
    Q, K, V : arrays of shape (n, d_k), (n, d_k) and (n, d_v), float64, one token per row

    Examples
    --------
    >>> Q, K, V = project_qkv(X, W_Q, W_K, W_V)
    >>> Q.shape, K.shape, V.shape
    ((11, 2), (11, 2), (11, 3))
    >>> Q[IT].tolist(), K[IT].tolist(), V[IT].tolist()  # the same word in three roles
    ([4.0, 1.0], [1.0, 0.0], [1.0, 1.0, 0.0])
    """
    # Your code here.
    raise NotImplementedError


# %% [markdown]
# ## Queries meet keys
#
# The scores are dot products again, but now between *different* vectors: row i, column j compares
# the query of token i with the key of token j. Nothing needs to be square: the questions may come
# from five tokens and the labels from seven.
#
# **Predict.** *it* will score *animal* highly. What will *animal* score *it*?


# %%
def qk_scores(Q: np.ndarray, K: np.ndarray) -> np.ndarray:
    """Score every query against every key: raw dot products, not scaled, not normalised.

    Parameters
    ----------
    Q : shape (n_q, d_k), one query per row
    K : shape (n_k, d_k), one key per row

    Returns
    -------
    array of shape (n_q, n_k), float64 : row i, column j holds Q[i] · K[j]

    Examples
    --------
    >>> qk_scores(np.array([[1, 2]]), np.array([[1, 0], [0, 1], [3, 3]])).tolist()
    [[1.0, 2.0, 9.0]]
    >>> Q, K, V = project_qkv(X, W_Q, W_K, W_V)
    >>> scores = qk_scores(Q, K)
    >>> float(scores[IT, ANIMAL]), float(scores[ANIMAL, IT])  # not mutual any more
    (8.0, 0.0)
    """
    # Your code here.
    raise NotImplementedError


# %% [markdown]
# ## What you should see
#
# How *it* scores every word: with the embeddings alone, and with its query against their keys.
#
#     >>> Q, K, V = project_qkv(X, W_Q, W_K, W_V)
#     >>> for word, alone, learned in zip(WORDS, X @ X[IT], qk_scores(Q, K)[IT]):
#     ...     print(f"{word:8}{alone} ▏{'█' * alone:8}{learned:.0f} ▏{'█' * int(learned)}")
#     The     0 ▏        0 ▏
#     animal  2 ▏██      8 ▏████████
#     didn't  0 ▏        1 ▏█
#     cross   0 ▏        2 ▏██
#     the     0 ▏        0 ▏
#     street  2 ▏██      0 ▏
#     because 0 ▏        0 ▏
#     it      6 ▏██████  4 ▏████
#     was     0 ▏        1 ▏█
#     too     0 ▏        0 ▏
#     tired   1 ▏█       5 ▏█████
#
# Now *it* looks at the animal more than at itself, and not at the street. And the answer is no
# accident of one sentence: the rule "a pronoun looks for a creature" sits in the matrices, which
# every sentence shares.
#
# ## Out of scope
#
# How training finds the matrices. Also why it is the animal here, but would be the street had *it*
# been too *wide*: our *it* does not take *tired* into account. Real models stack several layers of
# attention, so that *it* can first gather what is said about it and then look for whom that fits.
