# %% [markdown]
# # 5. Self-attention: the whole of it
#
# All parts are on the table. Dot products score, softmax turns scores into shares, blending mixes,
# and every word has a query, a key and a value. Put together they are the most quoted formula of
# the field:
#
# $$\mathrm{Attention}(Q, K, V) = \mathrm{softmax}\!\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V$$
#
# Read it from the inside: compare each query with every key, scale, share out along each row, and
# mix the values in these shares. One thing in it is new, the $\sqrt{d_k}$; the rest you have
# written already, in lessons 2 and 4, which this one imports.

# %%
import numpy as np
from qkv import project_qkv, qk_scores
from softmax import softmax

# %% [markdown]
# ## Why divide by √d_k?
#
# A dot product of two vectors adds up d_k products. If the entries are independent, with mean 0 and
# variance 1, each product has variance 1, and the sum has variance d_k: the scores typically lie
# about √d_k away from 0. The more numbers in a query, the larger the scores, for no reason that has
# to do with meaning. And softmax makes large scores extreme. Dividing by √d_k brings the spread
# back to 1, whatever d_k is.
#
# **Predict.** One random query, eight random keys: how large is the largest of the eight shares, on
# average? Fair shares would be 0.125. What does d_k do to it if you divide by nothing, by √d_k, by
# d_k? Guess before you read the table.
#
# | d_k | unscaled | by √d_k | by d_k |
# |---|---|---|---|
# | 4 | 0.53 | 0.34 | 0.23 |
# | 64 | 0.87 | 0.36 | 0.15 |
# | 256 | 0.94 | 0.36 | 0.14 |
#
# Unscaled, one key takes everything, and a share near 0 or 1 hardly moves in training. Divided by
# d_k, all keys look the same. Only √d_k leaves the contrast alone.


# %%
def scaled_dot_product_attention(
    Q: np.ndarray, K: np.ndarray, V: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Let every query look at every key, and mix the values accordingly.

    Parameters
    ----------
    Q : shape (n_q, d_k), one query per row
    K : shape (n_k, d_k), one key per row
    V : shape (n_k, d_v), one value per row; V[j] belongs to K[j]

    Returns
    -------
    output : array of shape (n_q, d_v), float64 : row i mixes the rows of V in the shares weights[i]
    weights : array of shape (n_q, n_k), float64 : row i is the softmax over the keys of
        Q[i] · K[j] / √d_k; finite for scores of any size

    Examples
    --------
    >>> Q = np.zeros((1, 4))  # a query that asks for nothing looks at everything alike
    >>> K = np.array([[1, 2, 3, 4], [5, 6, 7, 8]])
    >>> V = np.array([[10, 0, 0], [20, 0, 2]])
    >>> output, weights = scaled_dot_product_attention(Q, K, V)
    >>> output.tolist(), weights.tolist()
    ([[15.0, 0.0, 1.0]], [[0.5, 0.5]])
    >>> output, weights = scaled_dot_product_attention(1000 * K, K, V)
    >>> output.tolist()  # both queries are certain of the second key
    [[20.0, 0.0, 2.0], [20.0, 0.0, 2.0]]
    """
    # Your code here.
    raise NotImplementedError


# %% [markdown]
# ## Why "self"?
#
# The function above does not care where its arguments come from. In **self**-attention all three
# are made from the same X: the sentence asks itself. (When queries come from one sequence and keys
# and values from another, it is called cross-attention.)
#
#                      ┌─ W_q → Q (n, d_k) ─┐
#     X (n, d_model) ──┼─ W_k → K (n, d_k) ─┴─ Q Kᵀ / √d_k → softmax → weights (n, n) ─┐
#                      └─ W_v → V (n, d_v) ────────────────────────────────────────────┴─ output
#                                                                                     (n, d_v)
#
# To try it on, here are the sentence and the hand-made matrices of lesson 4 once more.

# %%
SENTENCE = "The animal didn't cross the street because it was too tired"
WORDS = SENTENCE.split()
X = np.array(  # (11, 4): creature, place, deed, pronoun
    [
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
W_Q = np.array([[0, 1], [0, 0], [1, 0], [2, 0]])  # (4, 2): a pronoun looks for a creature
W_K = np.array([[1, 0], [0, 0], [0, 1], [0, 0]])  # (4, 2): a creature is found as one
W_V = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]])  # (4, 3)


# %%
def self_attention(
    X: np.ndarray, W_q: np.ndarray, W_k: np.ndarray, W_v: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Let every token of X look at every token of X through learned projections.

    Parameters
    ----------
    X : shape (n, d_model), one token per row
    W_q, W_k : shape (d_model, d_k), make the queries and the keys
    W_v : shape (d_model, d_v), makes the values

    Returns
    -------
    output : array of shape (n, d_v), float64 : each token's new vector
    weights : array of shape (n, n), float64 : rows look, columns are looked at; rows sum to 1

    Examples
    --------
    >>> lone = np.array([[1, 2, 3]])  # a token all alone can only look at itself
    >>> output, weights = self_attention(lone, np.eye(3), np.eye(3), np.array([[2], [0], [1]]))
    >>> output.tolist(), weights.tolist()
    ([[5.0]], [[1.0]])
    >>> output, weights = self_attention(X, W_Q, W_K, W_V)
    >>> output.shape, weights.shape
    ((11, 3), (11, 11))
    """
    # Your code here.
    raise NotImplementedError


# %% [markdown]
# ## What does *it* look at?
#
# Eleven words look at eleven words. Find the row of *it*.
#
#     >>> output, weights = self_attention(X, W_Q, W_K, W_V)
#     >>> for word, row in zip(WORDS, weights):
#     ...     print(f"{word:8}", " ".join(2 * "·░▒▓█"[round(4 * weight)] for weight in row))
#     The      ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ··
#     animal   ·· ·· ·· ▒▒ ·· ·· ·· ·· ·· ·· ··
#     didn't   ·· ░░ ·· ·· ·· ·· ·· ░░ ·· ·· ░░
#     cross    ·· ▒▒ ·· ·· ·· ·· ·· ·· ·· ·· ··
#     the      ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ··
#     street   ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ··
#     because  ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ··
#     it       ·· ▓▓ ·· ·· ·· ·· ·· ·· ·· ·· ··
#     was      ·· ░░ ·· ·· ·· ·· ·· ░░ ·· ·· ░░
#     too      ·· ·· ·· ·· ·· ·· ·· ·· ·· ·· ··
#     tired    ·· ░░ ·· ░░ ·· ·· ·· ·· ·· ·· ░░
#
# The pale rows belong to words with nothing to look for: *The*, *the*, *street*, *because* and
# *too* have a query of zeros, so all eleven words get the same share, too small for a shade. Not so
# *it*. In numbers, the words to which it gives more than one hundredth of its attention:
#
#     >>> it = WORDS.index("it")
#     >>> {word: round(float(w), 2) for word, w in zip(WORDS, weights[it]) if w > 0.01}
#     {'animal': 0.82, 'cross': 0.01, 'it': 0.05, 'tired': 0.1}
#
# The animal. No rule mentions this sentence; the shares come from dot products, a softmax and three
# small matrices. And *it* did not just look. Its new vector (creature, place, deed) carries what it
# found, and the doubt between creature and place is gone:
#
#     >>> X[it, :3].tolist(), output[it].round(2).tolist()
#     ([1, 1, 0], [1.78, 0.05, 0.13])
#
# ## Out of scope
#
# Masking (a model that writes must not read ahead), several heads that ask different questions side
# by side, and position. The last one matters more than it seems: shuffle the words and the rows of
# the output are shuffled along, otherwise unchanged. To the code above, *The cat chased the mouse*
# and *The mouse chased the cat* are the same sentence.
