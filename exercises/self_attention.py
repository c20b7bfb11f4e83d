# %% [markdown]
# # 5. Self-attention: the whole of it
#
# *About 30 minutes.*
#
# You have all parts. Dot products score, softmax turns scores into shares, blending mixes, and
# every word has a query, a key and a value. Put together, they are the most quoted formula of the
# field:
#
# $$\mathrm{Attention}(Q, K, V) = \mathrm{softmax}\!\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V$$
#
# Read it from the inside: compare each query with every key, scale, share out along each row, and
# mix the values in these shares. You have written most of it already, in lessons 2 and 4, which
# this one imports.

# %%
import numpy as np
from qkv import project_qkv, qk_scores
from softmax import softmax

# %% [markdown]
# ## Why divide by √d_k?
#
# A dot product of two vectors adds up d_k products. If the entries are independent, with mean 0 and
# variance 1, each product has variance 1, and the sum has variance d_k: the scores typically lie
# about √d_k away from 0. The more numbers a query has, the larger its scores get, for no reason
# that has to do with meaning. Dividing by √d_k brings the spread back to 1, whatever d_k is.
#
# **Predict.** One random query looks at eight random keys. A fair share is 0.125. How large is the
# largest of the eight shares, on average? What does a larger d_k do to it if you divide the scores
# by nothing, by √d_k, by d_k?


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
    >>> K = np.array([[1, 2], [1, 0], [0, 1]])
    >>> V = np.array([[10, 0, 0, 6], [20, 0, 3, 0], [30, 0, 0, 0]])
    >>> nothing, much = np.zeros((1, 2)), np.array([[1000, 2000]])  # two queries
    >>> output, weights = scaled_dot_product_attention(nothing, K, V)  # looks at all keys alike
    >>> np.round(weights, 2).tolist(), np.round(output, 2).tolist()
    ([[0.33, 0.33, 0.33]], [[20.0, 0.0, 1.0, 2.0]])
    >>> output, weights = scaled_dot_product_attention(much, K, V)  # is certain of the first key
    >>> np.round(weights, 2).tolist(), np.round(output, 2).tolist()
    ([[1.0, 0.0, 0.0]], [[10.0, 0.0, 0.0, 6.0]])
    >>> output, weights = scaled_dot_product_attention(K / 2, K, V)
    >>> np.round(weights, 2).tolist()  # each of the three keys asks for what it offers itself
    [[0.63, 0.15, 0.22], [0.37, 0.37, 0.26], [0.46, 0.22, 0.32]]
    """
    # Your code here.
    raise NotImplementedError


# %%
# Was your prediction right? Rows: d_k. Columns: divided by nothing, by √d_k, by d_k.
if __name__ == "__main__":
    rng = np.random.default_rng(3)
    for d_k in (4, 64, 256):
        queries, keys = rng.normal(size=(2000, 1, d_k)), rng.normal(size=(2000, 8, d_k))
        scores = (queries * keys).sum(axis=-1)  # (2000, 8): two thousand queries, each with 8 keys
        largest = [np.max(softmax(scores / by), axis=-1).mean() for by in (1, np.sqrt(d_k), d_k)]
        print(f"{d_k:3}", *(f"{share:.2f} ▏{'█' * round(20 * share):19}" for share in largest))

# %% [markdown]
#       4 0.53 ▏███████████         0.34 ▏███████             0.23 ▏█████
#      64 0.87 ▏█████████████████   0.36 ▏███████             0.15 ▏███
#     256 0.94 ▏███████████████████ 0.36 ▏███████             0.14 ▏███
#
# Divided by nothing, one key takes nearly everything when d_k is large, and a share near 0 or 1
# hardly moves in training. Divided by d_k, all keys look the same in the end. Only √d_k leaves the
# contrast alone.
#
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
    >>> np.round(output, 2).tolist(), np.round(weights, 2).tolist()
    ([[5.0]], [[1.0]])
    >>> three = np.eye(3)  # only the second can be found, by all but itself
    >>> W_q, W_k = np.array([[3, 1], [0, 1], [2000, 0]]), np.array([[0, 0], [1, 0], [0, 0]])
    >>> output, weights = self_attention(three, W_q, W_k, np.array([[10], [20], [0]]))
    >>> np.round(weights, 2).tolist()
    [[0.1, 0.81, 0.1], [0.33, 0.33, 0.33], [0.0, 1.0, 0.0]]
    >>> np.round(output, 2).tolist()
    [[17.1], [10.0], [20.0]]
    """
    # Your code here.
    raise NotImplementedError


# %% [markdown]
# ## What does *it* look at?
#
# Eleven words look at eleven words. Find the row of *it*.

# %%
if __name__ == "__main__":
    output, weights = map(np.array, self_attention(X, W_Q, W_K, W_V))
    for word, row in zip(WORDS, weights):
        print(f"{word:8}", " ".join(2 * "·░▒▓█"[round(4 * share)] for share in row))

# %% [markdown]
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
# *too* have a query of zeros, so all eleven words get the same share, too small for a shade. *it*
# is different. Here are the words to which it gives more than one hundredth of its attention, and
# its vector before and after.

# %%
if __name__ == "__main__":
    it = WORDS.index("it")
    for word, share in zip(WORDS, weights[it]):
        if share > 0.01:
            print(f"{word:7}{share:.2f} ▏{'█' * round(20 * share)}")
    print("creature, place, deed:", X[it, :3], "before,", output[it].round(2), "after")

# %% [markdown]
#     animal 0.82 ▏████████████████
#     cross  0.01 ▏
#     it     0.05 ▏█
#     tired  0.10 ▏██
#     creature, place, deed: [1 1 0] before, [1.78 0.05 0.13] after
#
# The animal. No rule mentions this sentence. The shares come from dot products, a softmax and three
# small matrices. And *it* did not just look: its new vector carries what it found, and the doubt
# between creature and place is gone.
#
# ## Who chases whom?
#
# *The cat chased the mouse* and *The mouse chased the cat* have the same words. Only their order
# tells who chases whom. So every word gets one more number, its place in the sentence. The deed
# asks two questions, each with a W_q of its own. *Who* did it? A creature, and an early one. To
# *whom*? A creature, and a late one.
#
# **Predict.** What do the two questions find when every place is 0?

# %%
if __name__ == "__main__":
    MEANS = {"the": [0, 0, 0], "cat": [1, 0, 0], "mouse": [0, 1, 0], "chased": [0, 0, 1]}
    # Four rows, for a cat, a mouse, a deed and a place; two columns, for a creature and a place.
    FOUND_AS = np.array([[1, 0], [1, 0], [0, 0], [0, 1]])
    WHO = np.array([[0, 0], [0, 0], [6, -2], [0, 0]])  # a deed asks for a creature, early
    WHOM = np.array([[0, 0], [0, 0], [6, 2], [0, 0]])  # a deed asks for a creature, late
    for sentence, places in [
        ("the cat chased the mouse", [-2, -1, 0, 1, 2]),
        ("the mouse chased the cat", [-2, -1, 0, 1, 2]),
        ("the mouse chased the cat", [0, 0, 0, 0, 0]),
    ]:
        words = sentence.split()
        tokens = np.array([[*MEANS[word], place] for word, place in zip(words, places)])  # (5, 4)
        print(f"{sentence}, places {places}")
        for question, W_asks in {"who:": WHO, "whom:": WHOM}.items():
            _, weights = self_attention(tokens, W_asks, FOUND_AS, np.eye(4))
            shares = [f"{word} {share:.2f}" for word, share in zip(words, weights[2])]  # chased
            print(f"    {question:5} {', '.join(shares)}")

# %% [markdown]
#     the cat chased the mouse, places [-2, -1, 0, 1, 2]
#         who:  the 0.05, cat 0.93, chased 0.00, the 0.00, mouse 0.01
#         whom: the 0.00, cat 0.01, chased 0.00, the 0.00, mouse 0.98
#     the mouse chased the cat, places [-2, -1, 0, 1, 2]
#         who:  the 0.05, mouse 0.93, chased 0.00, the 0.00, cat 0.01
#         whom: the 0.00, mouse 0.01, chased 0.00, the 0.00, cat 0.98
#     the mouse chased the cat, places [0, 0, 0, 0, 0]
#         who:  the 0.01, mouse 0.49, chased 0.01, the 0.01, cat 0.49
#         whom: the 0.01, mouse 0.49, chased 0.01, the 0.01, cat 0.49
#
# The cat and the mouse are found, each in its role. When they change places, they change roles.
# Without places, both questions find both creatures alike: attention by itself does not see the
# order of words. Shuffle the words, and the rows of the output are shuffled along, otherwise
# unchanged.
#
# ## Out of scope
#
# Masking (a model that writes must not read ahead). Several heads, which ask questions such as
# *who* and *whom* side by side. And how real models write a word's place into its vector.
