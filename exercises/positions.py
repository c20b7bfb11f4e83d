# %% [markdown]
# # 9. Positions and layers: tired or wide?
#
# *About 25 minutes, without what stands under Further.*
#
# Two debts from lesson 5 are open. Attention does not see the order of words. And *it* would be
# the animal even if *it* were too *wide*.

# %%
import numpy as np
from self_attention import self_attention

# %% [markdown]
# ## A vector for each place
#
# Shuffle the rows of X, and the rows of the output are shuffled along: to attention, a sentence is
# a bag of words. So every place gets a vector, **added** to the embedding of the word that stands
# there. A common choice is a row of clock hands: the first turns by one radian from place to place,
# the last hardly moves.
#
# $$P_{p,\,2i} = \sin\frac{p}{10000^{2i/d}} \qquad P_{p,\,2i+1} = \cos\frac{p}{10000^{2i/d}}$$


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
    positions = np.empty((n, d))
    # Your code here.
    raise NotImplementedError
    return positions


# %%
# *chased* after self-attention with random matrices: two sentences, without and with places.
if __name__ == "__main__":
    rng = np.random.default_rng(9)
    MEANS = {word: rng.normal(size=8) for word in ("the", "cat", "chased", "mouse")}
    MATRICES = rng.normal(size=(3, 8, 8)) / 3  # W_q, W_k, W_v
    for name, places in {"alone": np.zeros((5, 8)), "placed": sinusoidal_positions(5, 8)}.items():
        for sentence in ("the cat chased the mouse", "the mouse chased the cat"):
            X = np.array([MEANS[word] for word in sentence.split()])  # (5, 8)
            output, _ = self_attention(X + np.array(places), *MATRICES)
            print(f"{name:7}{sentence}: {np.round(output, 2)[2, :4]}")

# %% [markdown]
#     alone  the cat chased the mouse: [ 0.52  0.07  0.06 -0.11]
#     alone  the mouse chased the cat: [ 0.52  0.07  0.06 -0.11]
#     placed the cat chased the mouse: [0.09 0.44 0.04 0.48]
#     placed the mouse chased the cat: [-0.22  0.35  0.31  0.38]
#
# With places, order tells.
#
# ## Layers
#
# To find out what is **said about** *it*, and then look for a word that this fits, takes two rounds
# of attention: the second reads what the first has written. Each **adds** its output to what was
# there (a **residual** connection), so that a word keeps its own meaning.
#
# **Predict.** At which word must *it* look in the first round, to tell the animal from the street
# in the second?


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
    output, weights = self_attention(X, *layer)
    # Your code here.
    raise NotImplementedError


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
    weights = []
    # Your code here.
    raise NotImplementedError
    return X, weights


# %% [markdown]
# ## What you should see
#
# The sentence of lesson 1, with six features, and the same matrices for both endings.
#
# - Layer 1: a pronoun looks for what is said of something. Of a creature, or of a place? It takes
#   that home.
# - Layer 2: what is said of a creature looks for a creature, what is said of a place for a place,
#   and neither for a pronoun.

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
# That is the question of lesson 1, answered: one word at the end decides at what another word
# looks, two layers later. We wrote the matrices by hand; in the next lesson they are learned.
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
# Position vectors that are learned, or that turn queries and keys.
