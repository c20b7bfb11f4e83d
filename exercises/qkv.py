# %% [markdown]
# # 4. Query, key, value: three roles for one word
#
# *About 25 minutes, without what stands under Further.*
#
# Back to the question. Here is the sentence with hand-made embeddings: is the word a creature, a
# place, a deed or state, a pronoun? *it* could stand for a creature as well as for a place.

# %%
import numpy as np

SENTENCE = "The animal didn't cross the street because it was too tired"
WORDS = SENTENCE.split()
IT, ANIMAL, TIRED = WORDS.index("it"), WORDS.index("animal"), WORDS.index("tired")
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
# Score *it* against all words by plain dot products, as in lesson 3: itself gets 6, *animal* and
# *street* get 2 each, *tired* gets 1, and all others 0.
#
# *it* looks mostly at itself, and it cannot tell the animal from the street. Worse, scores made
# from one vector per word are always mutual: *animal* scores *it* exactly as *it* scores *animal*.
# But looking is not mutual. A pronoun searches for its noun; the noun has other things to do.
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
    >>> tokens = np.array([[0.5, 0.0], [0.0, 2.0]])
    >>> for_q, for_k, for_v = np.array([[2, 4], [1, 3]]), np.array([[6, 0], [5, 1]]), np.eye(2)
    >>> Q, K, V = project_qkv(tokens, for_q, for_k, for_v)
    >>> np.round(Q, 2).tolist(), np.round(K, 2).tolist()
    ([[1.0, 2.0], [2.0, 6.0]], [[3.0, 0.0], [10.0, 2.0]])
    >>> np.round(V, 2).tolist()  # an identity matrix changes nothing
    [[0.5, 0.0], [0.0, 2.0]]
    """
    # Your code here.
    raise NotImplementedError


# %%
# Were your shapes right? And the query of "it"?
if __name__ == "__main__":
    for role, vectors in zip("QKV", project_qkv(X, W_Q, W_K, W_V)):
        print(f"{role} {np.shape(vectors)!s:8} {WORDS[IT]}: {np.array(vectors[IT], dtype=float)}")

# %% [markdown]
#     Q (11, 2)  it: [4. 1.]
#     K (11, 2)  it: [1. 0.]
#     V (11, 3)  it: [1. 1. 0.]
#
# The same word in three roles: *it* looks for a creature above all, it is found as a creature, and
# it passes on that it may be a creature or a place.
#
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
    >>> one_query, three_keys = np.array([[1.0, 2.0]]), np.array([[1, 0], [0, 1], [3, 3]])
    >>> np.round(qk_scores(one_query, three_keys), 2).tolist()
    [[1.0, 2.0, 9.0]]
    >>> np.round(qk_scores(three_keys, one_query), 2).tolist()  # now three ask one
    [[1.0], [2.0], [9.0]]
    """
    # Your code here.
    raise NotImplementedError


# %%
# Was your prediction right?
if __name__ == "__main__":
    Q, K, V = project_qkv(X, W_Q, W_K, W_V)
    scores = np.array(qk_scores(Q, K), dtype=float)
    print("it scores animal:", scores[IT, ANIMAL], " animal scores it:", scores[ANIMAL, IT])

# %% [markdown]
#     it scores animal: 8.0  animal scores it: 0.0
#
# Looking is not mutual any more.
#
# ## What you should see
#
# How *it* scores every word: with the embeddings alone, and with its query against their keys.

# %%
if __name__ == "__main__":
    for word, alone, learned in zip(WORDS, X @ X[IT], scores[IT].astype(int)):
        print(f"{word:8}{alone} ▏{'█' * alone:8}{learned} ▏{'█' * learned}")

# %% [markdown]
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
# Now *it* looks at the animal more than at itself, and not at the street. The rule "a pronoun looks
# for a creature" sits in the matrices, which every sentence shares.
#
# ## Further: make *tired* look for a creature
#
# Somebody has to be tired, so *tired* should look for a creature. With the matrices above it cannot
# decide: its embedding is (1, 0, 1, 0), its query (1, 1), and *animal*, *cross* and *tired* itself
# score 2 each. Change numbers in `MY_W_Q` until *tired* looks for *animal* alone, and *it* still
# does. Which of the four rows does *tired* use at all?

# %%
if __name__ == "__main__":
    MY_W_Q = np.array(  # (4, 2), so far the same as W_Q
        [  # looks for a creature, for a deed
            [0, 1],  # a creature
            [0, 0],  # a place
            [1, 0],  # a deed or state
            [2, 0],  # a pronoun
        ]
    )
    Q, K, V = project_qkv(X, MY_W_Q, W_K, W_V)
    scores = np.array(qk_scores(Q, K), dtype=float)
    for i in (TIRED, IT):
        best = [word for word, score in zip(WORDS, scores[i]) if score == scores[i].max()]
        print(f"{WORDS[i]:5} looks for {', '.join(best)}")
    for word, score in zip(WORDS, scores[TIRED]):
        print(f"{word:8}{score:.0f} ▏{'█' * round(score)}")

# %% [markdown]
#     tired looks for animal, cross, tired
#     it    looks for animal
#     The     0 ▏
#     animal  2 ▏██
#     didn't  1 ▏█
#     cross   2 ▏██
#     the     0 ▏
#     street  0 ▏
#     because 0 ▏
#     it      1 ▏█
#     was     1 ▏█
#     too     0 ▏
#     tired   2 ▏██
#
# This is what you see before you change anything; the bars are the scores of *tired*. At the end
# both lines name the animal alone, and its bar is the longest. Several matrices do it. You have
# then written by hand what training finds in many small steps: a matrix that makes the right two
# words meet.
#
# ## Out of scope
#
# How training finds the matrices. And why *it* would be the street if *it* were too *wide*: our
# *it* does not take *tired* into account. Lesson 9 mends that.
