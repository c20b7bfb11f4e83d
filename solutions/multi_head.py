# %% [markdown]
# # 8. Several heads: several questions at once
#
# *About 25 minutes, without what stands under Further.*
#
# *The cat chased the mouse.* In lesson 5 *chased* asked two questions, who did it and to whom, and
# needed two runs of self-attention with two different W_q. For softmax gives each query **one**
# distribution. It may point at two words, but what it brings home is a mix of both, and nothing
# tells which of them answers which question.
#
# The remedy is to cut the queries, keys and values into h pieces of d/h numbers each, and to let
# each piece look by itself. Each piece is called a **head**. Together they cost as much as one of
# width d.
#
#     X (n, d) ─ W_q, W_k, W_v → Q, K, V (n, d) ─ split → (h, n, d/h) ─ attention in each head
#                                                                           │ (h, n, d/h)
#                       output (n, d) ← W_o ─ (n, d) ← merge ───────────────┘

# %%
import numpy as np
from masking import masked_attention
from qkv import project_qkv

# %% [markdown]
# ## Cut and put together
#
# Columns 0 to d/h - 1 are the first head's, the next d/h columns the second's, and so on.
#
# **Predict.** `np.arange(12).reshape(3, 4)` is three tokens of four numbers, and h is 2. Which two
# numbers of token 1 go to the second head? `reshape(2, 3, 2)` has the right shape as well. Which
# numbers does it put there?


# %%
def split_heads(X: np.ndarray, h: int) -> np.ndarray:
    """Cut each token's numbers into h pieces of equal width, one for each head.

    Parameters
    ----------
    X : shape (n, d), one token per row; d is a multiple of h
    h : the number of heads

    Returns
    -------
    array of shape (h, n, d/h) : piece k of token i holds its columns k·d/h to (k + 1)·d/h - 1

    Examples
    --------
    >>> X = np.array([[1, 2, 3, 4], [5, 6, 7, 8]])
    >>> np.array(split_heads(X, 2)).tolist()
    [[[1, 2], [5, 6]], [[3, 4], [7, 8]]]
    >>> np.shape(split_heads(np.zeros((5, 6)), 3))
    (3, 5, 2)
    """
    n, d = X.shape
    pieces = X.reshape(n, h, d // h)  # (n, h, d/h): each token's row, cut
    ### BEGIN SOLUTION
    return np.swapaxes(pieces, 0, 1)  # (h, n, d/h)
    ### END SOLUTION


# %%
def merge_heads(H: np.ndarray) -> np.ndarray:
    """Put the pieces of each token side by side again: the inverse of split_heads.

    Parameters
    ----------
    H : shape (h, n, d/h), one head after the other

    Returns
    -------
    array of shape (n, d) : row i holds token i's numbers from head 0, then from head 1, …

    Examples
    --------
    >>> np.array(merge_heads(np.array([[[1, 2], [5, 6]], [[3, 4], [7, 8]]]))).tolist()
    [[1, 2, 3, 4], [5, 6, 7, 8]]
    >>> np.shape(merge_heads(np.zeros((3, 5, 2))))
    (5, 6)
    """
    h, n, width = H.shape
    ### BEGIN SOLUTION
    return np.swapaxes(H, 0, 1).reshape(n, h * width)  # (n, h, d/h) -> (n, d)
    ### END SOLUTION


# %%
# Was your prediction right?
if __name__ == "__main__":
    X = np.arange(12).reshape(3, 4)
    print("split  ", np.array(split_heads(X, 2))[1, 1], "of token 1:", X[1])
    print("reshape", X.reshape(2, 3, 2)[1, 1], "which are token 2's")

# %% [markdown]
#     split   [6 7] of token 1: [4 5 6 7]
#     reshape [8 9] which are token 2's
#
# `reshape` never moves a number. It only draws other borders on the same long row. To give each
# head a piece of *every* token, the axes have to change places, too.
#
# ## All of it
#
# After the merge, each head's findings stand in columns of their own. W_o mixes them.


# %%
def multi_head_attention(
    X: np.ndarray,
    W_q: np.ndarray,
    W_k: np.ndarray,
    W_v: np.ndarray,
    W_o: np.ndarray,
    h: int,
    mask: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Let every token look at every token, in h heads side by side.

    Parameters
    ----------
    X : shape (n, d), one token per row; d is a multiple of h
    W_q, W_k, W_v : shape (d, d), make the queries, keys and values of all heads
    W_o : shape (d, d), mixes what the heads have found
    h : the number of heads
    mask : bool, broadcasts to (h, n, n), True where a token may look; None: everywhere

    Returns
    -------
    output : array of shape (n, d), float64
    weights : array of shape (h, n, n), float64 : one attention matrix for each head, of scores
        divided by √(d/h)

    Examples
    --------
    >>> X, both = np.array([[1, 0], [0, 1]]), np.eye(2)
    >>> W_q = np.array([[0, 0], [0, 1000]])  # in head 1, token 1 looks at itself
    >>> output, weights = multi_head_attention(X, W_q, both, both, np.array([[1, 0], [0, 10]]), 2)
    >>> np.array(weights).tolist()
    [[[0.5, 0.5], [0.5, 0.5]], [[0.5, 0.5], [0.0, 1.0]]]
    >>> output.tolist()
    [[0.5, 5.0], [0.5, 10.0]]
    >>> X, same = np.array([[2, 0, 0, 0], [0, 0, 0, 0]]), [np.eye(4)] * 4
    >>> np.round(multi_head_attention(X, *same, 1)[1], 2).tolist()  # one head of width 4, √4 = 2
    [[[0.88, 0.12], [0.5, 0.5]]]
    >>> first_alone = np.array([[True, False], [True, False]])
    >>> np.round(multi_head_attention(X, *same, 1, first_alone)[1], 2).tolist()
    [[[1.0, 0.0], [1.0, 0.0]]]
    """
    ### BEGIN SOLUTION
    heads = [split_heads(part, h) for part in project_qkv(X, W_q, W_k, W_v)]  # (h, n, d/h) each
    output, weights = masked_attention(*heads, mask)
    return merge_heads(output) @ W_o, weights
    ### END SOLUTION


# %% [markdown]
# ## What you should see: who and whom
#
# The two questions of lesson 5 again, each with a head of width 2 that passes on whether it found a
# cat or a mouse. W_o leaves everything where it is. Below, the same matrices in a single head.

# %%
if __name__ == "__main__":
    MEANS = {"the": [0, 0, 0], "cat": [1, 0, 0], "mouse": [0, 1, 0], "chased": [0, 0, 1]}
    WHO = np.array([[0, 0], [0, 0], [6, -2], [0, 0]])  # (4, 2): a deed asks for a creature, early
    WHOM = np.array([[0, 0], [0, 0], [6, 2], [0, 0]])  # (4, 2): a deed asks for a creature, late
    FOUND_AS = np.array([[1, 0], [1, 0], [0, 0], [0, 1]])  # (4, 2): a creature, a place
    PASSES_ON = np.array([[1, 0], [0, 1], [0, 0], [0, 0]])  # (4, 2): a cat, a mouse
    W_Q = np.hstack([WHO, WHOM])  # (4, 4)
    W_K, W_V = np.hstack([FOUND_AS, FOUND_AS]), np.hstack([PASSES_ON, PASSES_ON])
    for sentence in ("the cat chased the mouse", "the mouse chased the cat"):
        words = sentence.split()
        X = np.array([[*MEANS[word], place] for place, word in enumerate(words, -2)])  # (5, 4)
        print(sentence)
        for h, names in {2: ("who", "whom"), 1: ("one head",)}.items():
            output, weights = multi_head_attention(X, W_Q, W_K, W_V, np.eye(4), h)
            for name, head in zip(names, np.array(weights)):
                shares = [f"{word} {share:.2f}" for word, share in zip(words, head[2])]
                print(f"    {name:9}{', '.join(shares)}")
            print(f"             chased becomes {np.round(output, 2)[2]}")

# %% [markdown]
#     the cat chased the mouse
#         who      the 0.05, cat 0.93, chased 0.00, the 0.00, mouse 0.01
#         whom     the 0.00, cat 0.01, chased 0.00, the 0.00, mouse 0.98
#                  chased becomes [0.93 0.01 0.01 0.98]
#         one head the 0.00, cat 0.50, chased 0.00, the 0.00, mouse 0.50
#                  chased becomes [0.5 0.5 0.5 0.5]
#     the mouse chased the cat
#         who      the 0.05, mouse 0.93, chased 0.00, the 0.00, cat 0.01
#         whom     the 0.00, mouse 0.01, chased 0.00, the 0.00, cat 0.98
#                  chased becomes [0.01 0.93 0.98 0.01]
#         one head the 0.00, mouse 0.50, chased 0.00, the 0.00, cat 0.50
#                  chased becomes [0.5 0.5 0.5 0.5]
#
# With two heads, *chased* carries away who did it (the first two numbers: cat, mouse) and to whom
# (the last two). A single head of the full width adds up both questions before it looks: *early*
# and *late* cancel, and the answer is mud, half a cat and half a mouse in each place.
#
# ## Further: a slip in famous code
#
# A head's queries have d/h numbers, so its scores are divided by √(d/h). A widely read teaching
# script divides by √d, the width of the whole model. The test of lesson 5 finds it: make the model
# twice as wide, with twice as many heads, and give the new heads queries, keys and values of zeros.
# Nothing changes for the old heads, so their weights must stay; divided by √d, they become flatter.
#
# ## Out of scope
#
# Which heads are worth their place: in trained models many can be taken out without much harm. And
# heads that share keys and values to save memory.
