# %% [markdown]
# # 3. The attention matrix: everyone looks at everyone
#
# *About 30 minutes.*
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
# all lessons in one folder, all of them as scripts or all of them as notebooks.
#
# One name from the field: the pieces that a model reads are called **tokens**. Here a token is a
# word. Real models cut rare words into several tokens, and count a comma as one, too.

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
# lesson 2 you know what larger scores do to softmax. Lesson 5 tells why the *square root* of d is
# the right remedy.
#
# **Predict.** 300 tokens make 300 · 300 pairs. How much faster is one matrix product than a Python
# loop over all pairs: twice, 20 times, 200 times?


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
    >>> np.round(attention_scores(np.array([[2, 0, 0, 0], [1, 1, 1, 1]])), 2).tolist()  # √4 = 2
    [[2.0, 1.0], [1.0, 2.0]]
    >>> np.round(attention_scores(np.array([[3, 0], [0, 1], [1, 1]])), 2).tolist()  # √2 = 1.41…
    [[6.36, 0.0, 2.12], [0.0, 0.71, 0.71], [2.12, 0.71, 1.41]]
    """
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    d = X.shape[1]
    return X @ X.T / np.sqrt(d)  # (n, d) @ (d, n) -> (n, n)
    ### END SOLUTION


# %%
# How much faster? A loop over all pairs against your attention_scores: the best of several runs.
if __name__ == "__main__":
    from timeit import repeat

    many = np.random.default_rng(3).normal(size=(300, 64))  # 300 tokens, d = 64, √d = 8
    attention_scores(many)  # once before the clock runs: a first call is slower
    loop = min(repeat(lambda: [[u @ v / 8 for v in many] for u in many], number=1, repeat=3))
    yours = min(repeat(lambda: attention_scores(many), number=1, repeat=9))
    print(f"a loop {1000 * loop:.1f} ms, yours {1000 * yours:.1f} ms: {loop / yours:.0f} to 1")

# %% [markdown]
# The numbers depend on your computer, and on what else it has to do: on most, one matrix product is
# a hundred times faster or more. No pair waits for another, so the processor works on many at a
# time. (If your two times are alike, your function is a loop, too: right, but slow.)
#
# **The price is n².** Every token looks at every token, so n tokens need n² scores: 11 tokens 121,
# 1,000 tokens a million, a book of 100,000 tokens ten thousand million. A text twice as long costs
# four times as much. This is why a model reads only so much at once.
#
# ## Normalise
#
# **Rows look, columns are looked at.** Row 3 (numpy counts from 0) is how *bank* shares out its
# attention over the seven words; column 3 is how much each word looks at *bank*.
#
# **Predict.** Every row of the attention matrix sums to 1. Does every column sum to 1, too? The
# scores are symmetric: word i scores word j as j scores i.


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
    >>> np.round(attention_matrix(np.array([[1, 0], [1, 0]])), 2).tolist()  # twins share equally
    [[0.5, 0.5], [0.5, 0.5]]
    >>> np.round(attention_matrix(X)[3], 2).tolist()  # bank
    [0.03, 0.03, 0.03, 0.53, 0.04, 0.03, 0.31]
    """
    ### BEGIN SOLUTION
    return softmax(attention_scores(X), axis=-1)
    ### END SOLUTION


# %% [markdown]
# ## Blend
#
# A row of weights is a recipe: 53% of *bank*, 31% of *river*, a pinch of everything else. To follow
# the recipe, add up the rows of X, each times its weight. All the recipes together are one matrix
# product. There may be any number m of recipes, not only one per word.


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
    >>> np.round(blend(np.array([[0.5, 0.5, 0.0]]), np.array([[2, 0], [4, 2], [9, 9]])), 2).tolist()
    [[3.0, 1.0]]
    >>> np.round(blend(np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([[7, 8], [5, 6]])), 2).tolist()
    [[7.0, 8.0], [6.0, 7.0]]
    """
    ### BEGIN SOLUTION
    return np.asarray(weights, dtype=float) @ np.asarray(X, dtype=float)  # (m, n) @ (n, d)
    ### END SOLUTION


# %% [markdown]
# ## Read the matrix
#
# The question that this course keeps asking comes last: what does word i look at most?


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
    >>> int(most_attended(weights, 0)), int(most_attended(weights, 2))
    (1, 0)
    >>> WORDS[most_attended(np.array(attention_matrix(X)), WORDS.index("near"))]
    'river'
    """
    ### BEGIN SOLUTION
    return int(np.argmax(weights[i]))
    ### END SOLUTION


# %% [markdown]
# ## What you should see
#
# The whole matrix: who looks (rows) at whom (columns). Darker is more.

# %%
if __name__ == "__main__":
    weights = np.array(attention_matrix(X))
    for word, row in zip(WORDS, weights):
        # One step darker for every full 1/7, the fair share of seven words.
        shades = ["·░▒▓█"[min(4, int(7 * share))] for share in row]
        print(f"{word:6}" + " ".join(2 * shade for shade in shades), *(f"{s:.2f}" for s in row))
    print("column sums:", weights.sum(axis=0).round(2))

# %% [markdown]
#     I     ·· ·· ·· ░░ ·· ·· ░░ 0.13 0.13 0.13 0.18 0.14 0.13 0.15
#     saw   ·· ·· ·· ░░ ·· ·· ░░ 0.12 0.13 0.12 0.18 0.13 0.12 0.20
#     the   ·· ·· ·· ░░ ·· ·· ░░ 0.14 0.14 0.13 0.16 0.14 0.13 0.16
#     bank  ·· ·· ·· ▓▓ ·· ·· ▒▒ 0.03 0.03 0.03 0.53 0.04 0.03 0.31
#     near  ·· ·· ·· ░░ ·· ·· ░░ 0.11 0.12 0.11 0.20 0.12 0.11 0.22
#     the   ·· ·· ·· ░░ ·· ·· ░░ 0.14 0.14 0.13 0.16 0.14 0.13 0.16
#     river ·· ·· ·· ·· ·· ·· ██ 0.01 0.02 0.01 0.14 0.02 0.01 0.79
#     column sums: [0.68 0.7  0.67 1.55 0.73 0.67 1.99]
#
# The columns of *bank* and *river* stand out: long vectors attract everyone. So the columns do not
# sum to 1. Their sums say how popular a word is.
#
# And what did this do to *bank*? Here is its vector (money, water) before and after blending, and
# then once more in a sentence with *vault* in the place of *river*.

# %%
if __name__ == "__main__":
    for last, vector in {"river": [0.0, 2.5], "vault": [2.5, 0.0]}.items():
        sentence = np.vstack([X[:-1], vector])
        bank = np.round(blend(np.array(attention_matrix(sentence)), sentence)[3], 2)
        print(f"near the {last}: bank was {sentence[3]} and is {bank}")

# %% [markdown]
#     near the river: bank was [1.5 1.5] and is [0.82 1.61]
#     near the vault: bank was [1.5 1.5] and is [1.6  0.83]
#
# One word, one embedding, and two meanings once it has looked around. `blend(attention_matrix(X),
# X)` *is* self-attention, only without anything learned.
#
# ## Out of scope
#
# Learned weights (lessons 4 and 5), several heads, and hiding words that a model must not see yet.
