# %% [markdown]
# # 7. Masking: who may look at whom?
#
# *About 25 minutes, without what stands under Further.*
#
# A model that writes learns by guessing the next word of texts that somebody else has written. But
# so far every word looks at every word, and the next one stands right there, one row further down.
# Let it look, and it learns to copy.
#
# A **mask** is a table of True and False, with a row for each query and a column for each key: True
# means "may look".

# %%
import numpy as np
from softmax import softmax

WORDS = ["the", "cat", "sat", "on", "the", "mat"]


# %%
def causal_mask(n: int) -> np.ndarray:
    """Let every token look at itself and at the tokens before it.

    Parameters
    ----------
    n : the number of tokens

    Returns
    -------
    array of shape (n, n), bool : True where token i (row) may look at token j (column), j ≤ i

    Examples
    --------
    >>> causal_mask(3).tolist()
    [[True, False, False], [True, True, False], [True, True, True]]
    >>> causal_mask(5).sum(axis=1).tolist()  # at how many tokens each of the five may look
    [1, 2, 3, 4, 5]
    """
    places = np.arange(n)
    # Your code here.
    raise NotImplementedError


# %% [markdown]
# ## Sentences of unequal length
#
# An array has no ragged edge. Sentences that are computed together, in one **batch**, are filled up
# with a padding token to the length of the longest. It means nothing, so nobody may look at it.


# %%
def padding_mask(lengths: np.ndarray, n: int) -> np.ndarray:
    """Say which tokens of each sentence are real and which are padding.

    Parameters
    ----------
    lengths : shape (B,), whole numbers: how many real tokens each of the B sentences has
    n : how many tokens each has when it is filled up; no length is larger

    Returns
    -------
    array of shape (B, n), bool : True where token j of sentence b is real

    Examples
    --------
    >>> padding_mask(np.array([1, 3]), 3).tolist()
    [[True, False, False], [True, True, True]]
    >>> padding_mask(np.array([4, 2]), 4).sum(axis=1).tolist()
    [4, 2]
    """
    lengths = np.asarray(lengths)  # a list will do as well
    # Your code here.
    raise NotImplementedError


# %% [markdown]
# ## Where the mask goes
#
# **Predict.** One query has the scores 2, 1, 0, and the third key is forbidden. Softmax gives the
# shares 0.67, 0.24, 0.09. Which shares are right, and what do you get when you write a 0 in place
# of the third share? Which score got the share 0 in lesson 2?
#
# From here on, arrays may have axes in front: a batch of sentences, several heads. `…` stands for
# any number of them. The last two mean what they always did, so `K.T`, which turns all axes round,
# becomes `np.swapaxes(K, -1, -2)`.


# %%
def masked_attention(
    Q: np.ndarray, K: np.ndarray, V: np.ndarray, mask: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Let every query look at the keys that it may look at, and mix their values.

    Parameters
    ----------
    Q : shape (…, n_q, d_k), one query per row
    K : shape (…, n_k, d_k), one key per row
    V : shape (…, n_k, d_v), one value per row
    mask : bool, a shape that broadcasts to (…, n_q, n_k), True where a query may look at a key;
        every query may look at one key at least; None lets everybody look at everything

    Returns
    -------
    output : array of shape (…, n_q, d_v), float64
    weights : array of shape (…, n_q, n_k), float64 : rows sum to 1, exactly 0 where the mask is
        False

    Examples
    --------
    >>> Q = np.array([[2, 2, 2, 2], [0, 0, 0, 0]])  # the second query looks at all keys alike
    >>> K, V = np.array([[1, 1, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]]), np.array([[4], [8], [0]])
    >>> output, weights = masked_attention(Q, K, V)
    >>> np.round(weights, 2).tolist(), np.round(output, 2).tolist()
    ([[0.67, 0.09, 0.24], [0.33, 0.33, 0.33]], [[3.38], [4.0]])
    >>> output, weights = masked_attention(Q, K, V, np.array([[True, True, False]]))
    >>> np.round(weights, 2).tolist(), np.round(output, 2).tolist()
    ([[0.88, 0.12, 0.0], [0.5, 0.5, 0.0]], [[4.48], [6.0]])
    >>> heads = [np.zeros((2, 3, n, 4)) for n in (5, 7, 7)]  # 2 sentences, 3 heads
    >>> np.shape(masked_attention(*heads)[1])
    (2, 3, 5, 7)
    """
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(K.shape[-1])  # (…, n_q, n_k), as in lesson 5
    # Your code here.
    raise NotImplementedError


# %%
# Was your prediction right? Right is what the two keys get when the third is not there.
if __name__ == "__main__":
    shares = np.round(softmax([2, 1, 0]), 2)
    print("everything", shares, "sum", round(sum(shares), 2))
    print("zero after", shares * [1, 1, 0], "sum", round(sum(shares * [1, 1, 0]), 2))
    print("-inf first", np.round(softmax([2, 1, -np.inf]), 2), "sum 1.0")

# %% [markdown]
#     everything [0.67 0.24 0.09] sum 1.0
#     zero after [0.67 0.24 0.  ] sum 0.91
#     -inf first [0.73 0.27 0.  ] sum 1.0
#
# With a zero after the softmax, a tenth of the attention is lost, and the output becomes too small.
# The mask belongs between the scores and the softmax.
#
# ## What you should see: a model that cheats
#
# Here is a "model" that guesses the next word by looking for it: the query of word i asks for the
# key of place i + 1, and takes the word that it finds there.

# %%
if __name__ == "__main__":
    n = len(WORDS)
    places = 4 * np.eye(n)  # (6, 6): the key of each place
    asks_for_next = 4 * np.eye(n, k=1)  # (6, 6): the query of each place; the last finds nothing
    for name, mask in {"may look at everything": None, "may look back": causal_mask(n)}.items():
        _, weights = masked_attention(asks_for_next, places, np.eye(n), mask)
        print(name)
        for i in range(n - 1):
            share = np.array(weights)[i, i + 1]
            print(f"    {WORDS[i]:4} → {WORDS[i + 1]:4} {share:.2f} ▏{'█' * round(20 * share)}")

# %% [markdown]
#     may look at everything
#         the  → cat  0.99 ▏████████████████████
#         cat  → sat  0.99 ▏████████████████████
#         sat  → on   0.99 ▏████████████████████
#         on   → the  0.99 ▏████████████████████
#         the  → mat  0.99 ▏████████████████████
#     may look back
#         the  → cat  0.00 ▏
#         cat  → sat  0.00 ▏
#         sat  → on   0.00 ▏
#         on   → the  0.00 ▏
#         the  → mat  0.00 ▏
#
# Without a mask it is nearly always right, and it has learned nothing: when it writes, there is no
# next word to look at. With the mask, training has to find something better.
#
# ## Further: change the future, the past stays
#
# That is the law of a causal mask, and a test for it that needs no right answer: change the last
# word, and compare the outputs.

# %%
if __name__ == "__main__":
    rng = np.random.default_rng(7)
    X = rng.normal(size=(6, 4))
    changed = X.copy()
    changed[-1] = 5.0  # another last word
    for name, mask in {"everything": None, "back": causal_mask(6)}.items():
        before, _ = masked_attention(X, X, X, mask)
        after, _ = masked_attention(changed, changed, changed, mask)
        moved = np.abs(np.array(after) - before).max(axis=-1)
        print(f"may look at {name:10}", *(f"{word} {by:.2f} " for word, by in zip(WORDS, moved)))

# %% [markdown]
#     may look at everything the 0.30  cat 0.68  sat 0.63  on 0.65  the 0.28  mat 6.36
#     may look at back       the 0.00  cat 0.00  sat 0.00  on 0.00  the 0.00  mat 6.36
#
# ## Further: a batch with padding
#
# A batch of two sentences, the second filled up with `·`. All queries and keys are zeros, so that
# everybody looks at everything alike. In the first table the padding gets a third of the attention.
# The second combines both masks: `padding_mask` has shape (2, 6), one row for each sentence, and
# needs an axis in the middle to meet (6, 6).

# %%
if __name__ == "__main__":
    BATCH = [["the", "cat", "sat", "on", "the", "mat"], ["it", "sat", "on", "me", "·", "·"]]
    zeros = np.zeros((2, 6, 1))
    real = np.array(padding_mask(np.array([6, 4]), 6))  # (2, 6)
    both = np.array(causal_mask(6)) & real[:, np.newaxis, :]  # (6, 6), (2, 1, 6) -> (2, 6, 6)
    for name, mask in {"no mask": None, "both masks": both}.items():
        _, weights = masked_attention(zeros, zeros, zeros, mask)
        print(name, np.shape(weights))
        for word, row in zip(BATCH[1], np.array(weights)[1]):
            print(f"    {word:4}", " ".join(f"{share:.2f}" for share in row))

# %% [markdown]
#     no mask (2, 6, 6)
#         it   0.17 0.17 0.17 0.17 0.17 0.17
#         sat  0.17 0.17 0.17 0.17 0.17 0.17
#         on   0.17 0.17 0.17 0.17 0.17 0.17
#         me   0.17 0.17 0.17 0.17 0.17 0.17
#         ·    0.17 0.17 0.17 0.17 0.17 0.17
#         ·    0.17 0.17 0.17 0.17 0.17 0.17
#     both masks (2, 6, 6)
#         it   1.00 0.00 0.00 0.00 0.00 0.00
#         sat  0.50 0.50 0.00 0.00 0.00 0.00
#         on   0.33 0.33 0.33 0.00 0.00 0.00
#         me   0.25 0.25 0.25 0.25 0.00 0.00
#         ·    0.25 0.25 0.25 0.25 0.00 0.00
#         ·    0.25 0.25 0.25 0.25 0.00 0.00
#
# The rows of the padding itself are still there. Nobody looks at them, and nobody will read their
# output.
#
# ## Out of scope
#
# A query that may look at nothing: its row would be all -inf, for which softmax has no answer.
# Masks that forget: real models with very long texts let a word look back a few thousand words, and
# no further.
