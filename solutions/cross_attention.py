# %% [markdown]
# # 11. Cross-attention: two sentences
#
# *About 15 minutes.*
#
# Attention was invented for translation. A model has read *the black cat sleeps* and writes *le
# chat noir dort*. For each word that it writes it looks back into the other sentence: for *chat* at
# the third word, for *noir* at the second. The sentence that looks and the sentence that is looked
# at are not the same, and this is all that changes: **queries come from one, keys and values from
# the other**.
#
#     X (n, d) ──── W_q → Q (n, d_k) ─┐
#     Y (m, d) ─┬── W_k → K (m, d_k) ─┴─ Q Kᵀ / √d_k → softmax → weights (n, m) ─┐
#               └── W_v → V (m, d_v) ────────────────────────────────────────────┴─ output (n, d_v)

# %%
import numpy as np
from self_attention import scaled_dot_product_attention

# %% [markdown]
# **Predict.** *le chat* looks at *the black cat sleeps*. How many rows do the weights have, and how
# many columns? How many rows has the output? Along which axis do the weights sum to 1?


# %%
def cross_attention(
    X: np.ndarray, Y: np.ndarray, W_q: np.ndarray, W_k: np.ndarray, W_v: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Let every token of X look at every token of Y.

    Parameters
    ----------
    X : shape (n, d), the tokens that look, one per row
    Y : shape (m, d), the tokens that are looked at, one per row
    W_q, W_k : shape (d, d_k), make the queries and the keys
    W_v : shape (d, d_v), makes the values

    Returns
    -------
    output : array of shape (n, d_v), float64 : what each token of X has found in Y
    weights : array of shape (n, m), float64 : rows (tokens of X) look, columns (tokens of Y) are
        looked at; rows sum to 1

    Examples
    --------
    >>> X, Y = np.array([[1, 0]]), np.array([[1, 0], [0, 1], [0, 1]])  # one looks at three
    >>> W_q, W_k, W_v = np.eye(2), np.array([[0, 0], [900, 0]]), np.array([[6], [8]])
    >>> output, weights = cross_attention(X, Y, W_q, W_k, W_v)
    >>> np.round(output, 2).tolist(), np.round(weights, 2).tolist()
    ([[8.0]], [[0.0, 0.5, 0.5]])
    >>> X, Y = np.array([[1, 0], [0, 1]]), np.array([[2, 0], [0, 3]])  # two look at two
    >>> output, weights = cross_attention(X, Y, np.eye(2), np.eye(2), np.array([[1, 0], [1, 1]]))
    >>> np.round(weights, 2).tolist(), np.round(output, 2).tolist()
    ([[0.8, 0.2], [0.11, 0.89]], [[2.2, 0.59], [2.89, 2.68]])
    """
    ### BEGIN SOLUTION
    X, Y = np.asarray(X, dtype=float), np.asarray(Y, dtype=float)
    Q, K, V = X @ W_q, Y @ W_k, Y @ W_v  # (n, d_k), (m, d_k), (m, d_v)
    return scaled_dot_product_attention(Q, K, V)
    ### END SOLUTION


# %%
# Was your prediction right?
if __name__ == "__main__":
    rng = np.random.default_rng(11)
    output, weights = cross_attention(
        rng.normal(size=(2, 6)), rng.normal(size=(4, 6)), *rng.normal(size=(3, 6, 5))
    )
    print("weights", np.shape(weights), "sums of the rows", np.sum(weights, axis=1).round(2))
    print("output ", np.shape(output))

# %% [markdown]
#     weights (2, 4) sums of the rows [1. 1.]
#     output  (2, 5)
#
# One row for each word that looks, one column for each word that is looked at. The two sentences
# need not be equally long. The output has as many rows as X, but all that is in it comes from Y.
#
# ## What you should see
#
# Both languages share four features: article, creature, colour, deed. Read the first table row by
# row: where does each French word look?

# %%
if __name__ == "__main__":
    MEANS = {  # article, creature, colour, deed
        "le": [1, 0, 0, 0], "chat": [0, 1, 0, 0], "noir": [0, 0, 1, 0], "dort": [0, 0, 0, 1],
        "the": [1, 0, 0, 0], "black": [0, 0, 1, 0], "cat": [0, 1, 0, 0], "sleeps": [0, 0, 0, 1],
    }  # fmt: skip
    french, english = ["le", "chat", "noir"], ["the", "black", "cat", "sleeps"]
    F = np.array([MEANS[word] for word in french])  # (3, 4)
    E = np.array([MEANS[word] for word in english])  # (4, 4)
    W_Q, W_K, W_V = 8 * np.eye(4), np.eye(4), np.eye(4)  # each feature looks for itself
    for looking, X, looked_at, Y in [(french, F, english, E), (english, E, french, F)]:
        _, weights = cross_attention(X, Y, W_Q, W_K, W_V)
        print(" " * 7, *(f"{word:6}" for word in looked_at))
        for word, row in zip(looking, np.array(weights)):
            print(f"{word:7}", *(f"{2 * '·░▒▓█'[round(4 * share)]:6}" for share in row))

# %% [markdown]
#             the    black  cat    sleeps
#     le      ██     ··     ··     ··
#     chat    ··     ··     ██     ··
#     noir    ··     ██     ··     ··
#             le     chat   noir
#     the     ██     ··     ··
#     black   ··     ··     ██
#     cat     ··     ██     ··
#     sleeps  ░░     ░░     ░░
#
# *chat* looks at the third word and *noir* at the second: the two paths cross, because French puts
# this colour behind its noun. No rule says so. The meanings find each other, wherever they stand.
#
# In the second table English asks, with the same matrices. The table is not the first one turned on
# its side: each row shares out one word's own attention. *sleeps* finds nothing of its kind in the
# unfinished French sentence, so it looks at everything alike. Attention cannot say "nowhere".
#
# ## Back to one sentence
#
# Give the same sentence twice, and cross-attention is the self-attention of lesson 5:

# %%
if __name__ == "__main__":
    from self_attention import self_attention

    X, matrices = rng.normal(size=(5, 6)), rng.normal(size=(3, 6, 4))
    across, within = cross_attention(X, X, *matrices), self_attention(X, *matrices)
    for name, one, other in zip(("output", "weights"), across, within):
        print(f"{name:7} the same: {np.allclose(one, other)}")

# %% [markdown]
#     output  the same: True
#     weights the same: True
#
# Today cross-attention also lets a sentence look at a picture that was cut into tiles, or at a
# recorded voice. A model that only goes on with its own text has no other sentence, and does
# without.
#
# ## Out of scope
#
# Masks, if Y is filled up with padding, which nobody may look at; and several heads. And
# translation itself, for which a model needs many layers of both kinds of attention.
