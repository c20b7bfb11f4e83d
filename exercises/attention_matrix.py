# %% [markdown]
# # 3. The attention matrix: everyone looks at everyone
#
# *I saw the bank near the river.* Take away *river* and you no longer know whether the bank has
# money or mud. A word's meaning depends on its neighbours, so its vector should as well. Attention
# does that in three moves, for all words at once:
#
# 1. **score** every word against every word (dot products, lesson 1),
# 2. **normalise** each word's scores into shares (softmax, lesson 2),
# 3. **blend**: give each word a mixture of all the vectors, in these shares.
#
# Our toy embeddings have two numbers: how much a word has to do with money, and how much with
# water. *bank* is honest about being in doubt. Softmax is your own from lesson 2: keep the files of
# all lessons in one folder.

# %%
import numpy as np
from softmax import softmax

WORDS = ["I", "saw", "the", "bank", "near", "the", "river"]
X = np.array(  # (7, 2): one word per row
    [  # money, water
        [0.2, 0.1],  # I
        [0.1, 0.3],  # saw
        [0.1, 0.1],  # the
        [1.5, 1.5],  # bank
        [0.2, 0.4],  # near
        [0.1, 0.1],  # the
        [0.0, 2.5],  # river
    ]
)

# %% [markdown]
# ## Score
#
# Row i, column j of the score matrix is the dot product of word i with word j, all pairs in one
# product: $X X^\top$. The scores are then divided by $\sqrt{d}$, where d is how many numbers one
# embedding has. A dot product adds up d terms, so longer embeddings give larger scores, and from
# lesson 2 you know what larger scores do to softmax. Why the *square root* of d is the right
# remedy is a story for lesson 5.


# %%
def attention_scores(X: np.ndarray) -> np.ndarray:
    """Score every token against every token: dot products divided by the square root of d.

    Parameters
    ----------
    X : shape (n, d), one token per row, d numbers each

    Returns
    -------
    array of shape (n, n), float64 : row i, column j holds X[i] · X[j] / √d

    Examples
    --------
    >>> attention_scores(np.array([[2, 0, 0, 0], [1, 1, 1, 1]])).tolist()  # √4 = 2
    [[2.0, 1.0], [1.0, 2.0]]
    >>> attention_scores(X).shape
    (7, 7)
    """
    # Your code here.
    raise NotImplementedError


# %% [markdown]
# ## Normalise
#
# **Rows look, columns are looked at.** Row 3 (numpy counts from 0) is how *bank* shares out its
# attention over the seven words; column 3 is how much each word looks at *bank*.
#
# **Predict.** Every row of the attention matrix sums to 1. Does every column, too? (The scores are
# symmetric: word i scores j as j scores i. Think of a word that everybody looks at.)


# %%
def attention_matrix(X: np.ndarray) -> np.ndarray:
    """Share out each token's attention over all tokens.

    Parameters
    ----------
    X : shape (n, d), one token per row

    Returns
    -------
    array of shape (n, n), float64 : row i is the softmax of token i's scaled scores, so every
        row sums to 1

    Examples
    --------
    >>> attention_matrix(np.array([[1, 0], [1, 0]])).tolist()  # twins share equally
    [[0.5, 0.5], [0.5, 0.5]]
    >>> attention_matrix(X)[3].round(2).tolist()  # bank
    [0.03, 0.03, 0.03, 0.53, 0.04, 0.03, 0.31]
    """
    # Your code here.
    raise NotImplementedError


# %% [markdown]
# ## Blend
#
# A row of weights is a recipe: 53% of *bank*, 31% of *river*, a pinch of everything else. Following
# the recipe means adding up the rows of X, each times its weight, and all the recipes together are
# one matrix product. There may be any number m of recipes, not only one per word.


# %%
def blend(weights: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Mix the rows of X, once for each row of weights.

    Parameters
    ----------
    weights : shape (m, n), one recipe per row: how much of each of the n tokens to take
    X : shape (n, d), one token per row

    Returns
    -------
    array of shape (m, d), float64 : row i is the sum of all rows X[j], each times weights[i, j]

    Examples
    --------
    >>> blend(np.array([[0.5, 0.5, 0.0]]), np.array([[2, 0], [4, 2], [9, 9]])).tolist()
    [[3.0, 1.0]]
    >>> blend(np.eye(2), np.array([[7, 8], [5, 6]])).tolist()  # all attention on oneself
    [[7.0, 8.0], [5.0, 6.0]]
    """
    # Your code here.
    raise NotImplementedError


# %% [markdown]
# ## Read the matrix
#
# Last, the question that this course keeps asking: what does word i look at most?


# %%
def most_attended(weights: np.ndarray, i: int) -> int:
    """Find the token that token i attends to most.

    Parameters
    ----------
    weights : shape (n, n), rows look and columns are looked at
    i : the index of the token that looks

    Returns
    -------
    int : the index of the token with the largest weight in that token's attention

    Examples
    --------
    >>> weights = np.array([[0.1, 0.9, 0.0], [0.2, 0.3, 0.5], [0.6, 0.2, 0.2]])
    >>> most_attended(weights, 0), most_attended(weights, 2)
    (1, 0)
    >>> WORDS[most_attended(attention_matrix(X), WORDS.index("near"))]
    'river'
    """
    # Your code here.
    raise NotImplementedError


# %% [markdown]
# ## What you should see
#
# The whole matrix: who looks (rows) at whom (columns). Darker is more.
#
#     >>> def shade(share):  # one step darker for every full 1/7, the fair share of seven words
#     ...     return 2 * "·░▒▓█"[min(4, int(7 * share))]
#     >>> weights = attention_matrix(X)
#     >>> for word, row in zip(WORDS, weights):
#     ...     print(f"{word:6}" + " ".join(map(shade, row)), *(f"{share:.2f}" for share in row))
#     I     ·· ·· ·· ░░ ·· ·· ░░ 0.13 0.13 0.13 0.18 0.14 0.13 0.15
#     saw   ·· ·· ·· ░░ ·· ·· ░░ 0.12 0.13 0.12 0.18 0.13 0.12 0.20
#     the   ·· ·· ·· ░░ ·· ·· ░░ 0.14 0.14 0.13 0.16 0.14 0.13 0.16
#     bank  ·· ·· ·· ▓▓ ·· ·· ▒▒ 0.03 0.03 0.03 0.53 0.04 0.03 0.31
#     near  ·· ·· ·· ░░ ·· ·· ░░ 0.11 0.12 0.11 0.20 0.12 0.11 0.22
#     the   ·· ·· ·· ░░ ·· ·· ░░ 0.14 0.14 0.13 0.16 0.14 0.13 0.16
#     river ·· ·· ·· ·· ·· ·· ██ 0.01 0.02 0.01 0.14 0.02 0.01 0.79
#
# The columns of *bank* and *river* stand out: long vectors attract everyone. So no, the columns do
# not sum to 1. They say how popular a word is:
#
#     >>> weights.sum(axis=0).round(2).tolist()
#     [0.68, 0.7, 0.67, 1.55, 0.73, 0.67, 1.99]
#
# And what did it do to *bank*? Here is its vector (money, water) before and after blending, next to
# *river*, and then in the same sentence with *vault* (2.5, 0.0) in the place of *river*:
#
#     >>> X[3].tolist(), blend(attention_matrix(X), X)[3].round(2).tolist()
#     ([1.5, 1.5], [0.82, 1.61])
#     >>> X_vault = np.vstack([X[:-1], [2.5, 0.0]])
#     >>> X_vault[3].tolist(), blend(attention_matrix(X_vault), X_vault)[3].round(2).tolist()
#     ([1.5, 1.5], [1.6, 0.83])
#
# One word, one embedding, and two meanings once it has looked around. `blend(attention_matrix(X),
# X)` *is* self-attention, only without anything learned.
#
# ## Out of scope
#
# Learned weights (lessons 4 and 5), several heads, and hiding words that a model must not see yet.
