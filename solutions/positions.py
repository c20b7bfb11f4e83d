# %% [markdown]
# # 9. Positions and layers: tired or wide?
#
# *About 40 minutes, without what stands under Further.*
#
# Two debts from lesson 5 are open. Attention does not see the order of words. And *it* would be
# the animal even if *it* were too *wide*. This lesson pays both: the first with a vector for each
# place, the second with a second layer.

# %%
import numpy as np
from self_attention import self_attention

# %% [markdown]
# ## First the failure
#
# **Predict.** *The cat chased the mouse* and *the mouse chased the cat*, with random embeddings and
# random matrices. Does *chased* get the same output in both?

# %%
if __name__ == "__main__":
    rng = np.random.default_rng(9)
    MEANS = {word: rng.normal(size=8) for word in ("the", "cat", "chased", "mouse")}
    MATRICES = rng.normal(size=(3, 8, 8)) / 3  # W_q, W_k, W_v
    SENTENCES = ("the cat chased the mouse", "the mouse chased the cat")
    one, other = (np.array([MEANS[word] for word in text.split()]) for text in SENTENCES)  # (5, 8)
    for sentence in (one, other):
        output, _ = self_attention(sentence, *MATRICES)
        print(np.round(output, 2)[2, :4])

# %% [markdown]
#     [ 0.52  0.07  0.06 -0.11]
#     [ 0.52  0.07  0.06 -0.11]
#
# The same numbers. To attention a sentence is a bag of words: shuffle the rows of X, and the rows
# of the output are shuffled along.
#
# ## A vector for each place
#
# So every place gets a vector of its own, which is **added** to the embedding of the word that
# stands there. A common choice is a row of clock hands that turn at different speeds:
#
# $$P_{p,\,2i} = \sin\frac{p}{10000^{2i/d}} \qquad P_{p,\,2i+1} = \cos\frac{p}{10000^{2i/d}}$$
#
# The first pair of columns turns by one radian from place to place, the last one hardly moves.


# %%
def sinusoidal_positions(n: int, d: int) -> np.ndarray:
    """Make a vector for each place: sines and cosines of d/2 speeds, in turns.

    Parameters
    ----------
    n : the number of places, counted from 0
    d : how many numbers each vector has; even

    Returns
    -------
    array of shape (n, d), float64 : column 2i holds sin(p / 10000^(2i/d)), column 2i + 1 its cosine

    Examples
    --------
    >>> np.round(sinusoidal_positions(3, 4), 2).tolist()
    [[0.0, 1.0, 0.0, 1.0], [0.84, 0.54, 0.01, 1.0], [0.91, -0.42, 0.02, 1.0]]
    >>> np.round(sinusoidal_positions(4, 6)[3], 3).tolist()
    [0.141, -0.99, 0.139, 0.99, 0.006, 1.0]
    """
    speeds = 10000.0 ** (-np.arange(0, d, 2) / d)  # (d/2,): one for each pair, falling from 1
    ### BEGIN SOLUTION
    angles = np.arange(n)[:, np.newaxis] * speeds  # (n, d/2)
    positions = np.empty((n, d))
    positions[:, 0::2] = np.sin(angles)
    positions[:, 1::2] = np.cos(angles)
    return positions
    ### END SOLUTION


# %% [markdown]
# Now order tells:

# %%
if __name__ == "__main__":
    for sentence in (one, other):
        output, _ = self_attention(sentence + np.array(sinusoidal_positions(5, 8)), *MATRICES)
        print(np.round(output, 2)[2, :4])

# %% [markdown]
#     [0.09 0.44 0.04 0.48]
#     [-0.22  0.35  0.31  0.38]
#
# ## Layers
#
# One round of attention lets *it* gather from the words as they are. To find out what is **said
# about** *it* and then look for a word that this fits, you need two rounds: the second reads what
# the first has written. Each round **adds** its output to what was there (a **residual**
# connection), so that a word keeps its own meaning while it learns about its neighbours.


# %%
def attend(
    X: np.ndarray, layer: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Let every token look once, and add what it finds to what it is.

    Parameters
    ----------
    X : shape (n, d), one token per row
    layer : W_q, W_k and W_v: two of shape (d, d_k), one of shape (d, d)

    Returns
    -------
    tokens : array of shape (n, d), float64 : X plus what self-attention finds; X stays as it was
    weights : array of shape (n, n), float64

    Examples
    --------
    >>> X, none = np.array([[2, 0], [0, 4]]), np.zeros((2, 1))
    >>> tokens, weights = attend(X, (none, none, np.eye(2)))  # looks at everything alike
    >>> np.array(tokens).tolist(), np.array(weights).tolist()
    ([[3.0, 2.0], [1.0, 6.0]], [[0.5, 0.5], [0.5, 0.5]])
    >>> X.tolist()  # as it was
    [[2, 0], [0, 4]]
    """
    ### BEGIN SOLUTION
    output, weights = self_attention(X, *layer)
    return X + output, weights
    ### END SOLUTION


# %%
def stack(
    X: np.ndarray, layers: list[tuple[np.ndarray, np.ndarray, np.ndarray]]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Send the tokens through one layer after the other.

    Parameters
    ----------
    X : shape (n, d), one token per row
    layers : each as for attend; the first reads X, each later one what the one before has made

    Returns
    -------
    tokens : array of shape (n, d), float64, after the last layer
    weights : list of arrays of shape (n, n), one for each layer

    Examples
    --------
    >>> X, none = np.array([[2, 0], [0, 4]]), np.zeros((2, 1))
    >>> layer = (none, none, np.eye(2))
    >>> tokens, weights = stack(X, [layer, layer])
    >>> np.array(tokens).tolist(), len(weights)
    ([[5.0, 6.0], [3.0, 10.0]], 2)
    >>> np.shape(stack(X, [layer] * 5)[1])
    (5, 2, 2)
    """
    ### BEGIN SOLUTION
    weights = []
    for layer in layers:
        X, looks = attend(X, layer)
        weights.append(looks)
    return X, weights
    ### END SOLUTION


# %% [markdown]
# ## What you should see: tired or wide
#
# The sentence of lesson 1 once more, with six features. *tired* can only be said of a creature,
# *wide* only of a place.
#
# - Layer 1: a pronoun looks for what is said of something. It takes home of what that can be said.
# - Layer 2: what is said of a creature looks for a creature, what is said of a place for a place.
#   Pronouns do not count: nobody wants to find *it* when looking for a noun.
#
# **Predict.** The matrices are the same for both sentences. At which words does *it* look in layer
# 1, and at which in layer 2?

# %%
if __name__ == "__main__":
    KNOWN = {  # creature, place, deed, pronoun, said of a creature, said of a place
        "animal": [2, 0, 0, 0, 0, 0],
        "street": [0, 2, 0, 0, 0, 0],
        "it": [1, 1, 0, 2, 0, 0],
        "cross": [0, 0, 2, 0, 0, 0],
        "didn't": [0, 0, 1, 0, 0, 0],
        "was": [0, 0, 1, 0, 0, 0],
        "tired": [0, 0, 0, 0, 2, 0],
        "wide": [0, 0, 0, 0, 0, 2],
    }
    LAYER_1 = (
        np.array([[0], [0], [0], [3], [0], [0]]),  # (6, 1): a pronoun looks for …
        np.array([[0], [0], [0], [0], [1], [1]]),  # (6, 1): … what is said of something
        np.diag([0, 0, 0, 0, 1, 1]),  # (6, 6): passes on of what it can be said
    )
    LAYER_2 = (
        np.array([[0, 0], [0, 0], [0, 0], [0, 0], [3, 0], [0, 3]]),  # (6, 2): looks for a …
        np.array([[1, 0], [0, 1], [0, 0], [-1, -1], [0, 0], [0, 0]]),  # (6, 2): creature, place
        np.diag([1, 1, 0, 0, 0, 0]),  # (6, 6): passes on whether it is a creature or a place
    )
    for last in ("tired", "wide"):
        words = f"The animal didn't cross the street because it was too {last}".split()
        X = np.array([KNOWN.get(word, [0] * 6) for word in words])  # (11, 6)
        after, weights = stack(X, [LAYER_1, LAYER_2])
        print("…", *words[-5:])
        for number, looks in enumerate(weights, start=1):
            row = np.array(looks)[words.index("it")]
            print(f"    layer {number}: it looks at {words[row.argmax()]} ({row.max():.2f})")

# %% [markdown]
#     … because it was too tired
#         layer 1: it looks at tired (1.00)
#         layer 2: it looks at animal (1.00)
#     … because it was too wide
#         layer 1: it looks at wide (1.00)
#         layer 2: it looks at street (1.00)
#
# That is the question of lesson 1, answered: the animal when *it* is too tired, the street when
# *it* is too wide. One word at the end of the sentence decides at what another word looks, two
# layers later. Nothing in the matrices names *animal* or *street*. But we still wrote them by hand.
# In the next lesson they are learned.
#
# ## Further: only the distance counts
#
# Two places can be compared like two words, by a dot product. What does it depend on? Here are the
# scores of place 8 with its neighbours, and of place 20 with its own.

# %%
if __name__ == "__main__":
    P = np.array(sinusoidal_positions(32, 16))  # (32, 16)
    for place in (8, 20):
        print(f"place {place:2}:", *(f"{P[place] @ P[place + by]:5.2f}" for by in range(-5, 6)))

# %% [markdown]
#     place  8:  6.14  5.56  5.54  6.37  7.49  8.00  7.49  6.37  5.54  5.56  6.14
#     place 20:  6.14  5.56  5.54  6.37  7.49  8.00  7.49  6.37  5.54  5.56  6.14
#
# Only the distance counts: both rows are the same, and a place is most like itself and its direct
# neighbours. A matrix that turns all hands by one step can make a query that asks for "the word
# before me", wherever I stand.
#
# ## Out of scope
#
# Learned position vectors, and positions that turn queries and keys instead of being added. Why
# deep stacks of layers can be trained at all, in which the residual has a part.
