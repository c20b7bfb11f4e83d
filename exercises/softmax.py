# %% [markdown]
# # 2. Softmax: from scores to shares
#
# *About 20 minutes.*
#
# Lesson 1 left us with scores: *chasing* has 1.32 with *FBI*, 0.44 with *a*. Attention needs
# something else. If *it* can look at eleven words, how much of its attention goes to each? That is
# a question about **shares**: none below 0, and together exactly 1.
#
# Dividing the scores by their sum is tempting, but scores may be negative, or add up to 0. Softmax
# first makes every score positive with the exponential, and only then divides:
#
# $$\mathrm{softmax}(s)_j = \frac{e^{s_j}}{e^{s_1} + e^{s_2} + \dots + e^{s_n}}$$
#
# A higher score always gets a larger share, and however low a score is, it still gets a little.

# %%
import numpy as np

WORDS = ["The", "FBI", "is", "chasing", "a", "criminal", "the", "run"]
SCORES = np.array([0.80, 1.32, 0.60, 1.36, 0.44, 1.34, 0.70, 0.74])  # with "chasing", lesson 1

# %% [markdown]
# ## A change that changes nothing
#
# **Predict.** The scores 1, 2, 3 give the shares 0.09, 0.24, 0.67. What do 1001, 1002, 1003 give?
# And 10, 20, 30? One of the two changes nothing.
#
# The formula alone will not tell you: `np.exp(1000)` is more than a float can hold and comes out as
# `inf`, and `inf / inf` is `nan`. Your softmax has to cope with scores of any size. So use the
# change that changes nothing, and bring the scores down before you take exponentials: 0 is a good
# height for the largest. Where one array holds several rows, each row needs a change of its *own*.
#
# ## Which way is one distribution?
#
# Scores usually come as a table: one row per word that looks, one column per word looked at. Each
# row is then shared out by itself. `axis` names the direction along which the shares add up to 1;
# the default, -1, means along each row. `keepdims=True` makes `max` and `sum` keep that axis with
# length 1, so that numpy lines their result up with the scores again.


# %%
def softmax(scores: np.ndarray, axis: int = -1) -> np.ndarray:
    """Turn scores into positive shares that sum to 1 along one axis.

    Parameters
    ----------
    scores : shape (..., n, ...), an array or nested list with one dimension or more; a score
        of -inf means "not at all" and gets the share 0
    axis : the axis along which the shares sum to 1; the last one by default

    Returns
    -------
    array of the same shape as scores, float64 : finite for scores of any size, also when one
        row lies far below another; scores itself is left as it was

    Examples
    --------
    >>> np.round(softmax(np.array([1, 2, 3])), 6).tolist()
    [0.090031, 0.244728, 0.665241]
    >>> np.round(softmax([[1000, 1000], [0, -np.inf]]), 2).tolist()
    [[0.5, 0.5], [1.0, 0.0]]
    >>> np.round(softmax([[5, 0, 1], [5, 0, 1]], axis=0), 2).tolist()  # down the columns
    [[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]
    >>> scores = np.array([2.0, 1.0])
    >>> shares = softmax(scores)
    >>> scores.tolist()  # as it was
    [2.0, 1.0]
    """
    # Your code here.
    raise NotImplementedError


# %%
# Was your prediction right?
if __name__ == "__main__":
    print(np.round(softmax([1001, 1002, 1003]), 2))
    print(np.round(softmax([10, 20, 30]), 2))

# %% [markdown]
#     [0.09 0.24 0.67]
#     [0. 0. 1.]
#
# Adding the same number to every score multiplies every exponential by the same factor, above and
# below the line, and the factor cancels. Only differences count. Multiplying the scores is another
# matter: it stretches the differences, and the largest score takes nearly everything. Keep that in
# mind for lesson 3.
#
# ## What you should see
#
# How *chasing* shares its attention, once by the scores as they are and once by ten times the
# scores. The order of the words is the same; the contrast is not.

# %%
if __name__ == "__main__":
    for word, share, sharper in zip(WORDS, softmax(SCORES), softmax(10 * SCORES)):
        print(f"{word:9}{share:.2f} ▏{'█' * round(40 * share):9}", end="")
        print(f"{sharper:.2f} ▏{'█' * round(40 * sharper)}")

# %% [markdown]
#     The      0.11 ▏████     0.00 ▏
#     FBI      0.18 ▏███████  0.27 ▏███████████
#     is       0.09 ▏███      0.00 ▏
#     chasing  0.18 ▏███████  0.40 ▏████████████████
#     a        0.07 ▏███      0.00 ▏
#     criminal 0.18 ▏███████  0.33 ▏█████████████
#     the      0.10 ▏████     0.00 ▏
#     run      0.10 ▏████     0.00 ▏
#
# ## A question with a catch
#
# For "The cat sat on the mat. It is eating now." a popular text prints these attention weights of
# *It*: The 0.01, cat 0.87, sat 0.52, on 0.03, mat 0.32, it 0.98. Something is wrong with that row,
# and you need no model to see what. Look before you run the next cell.
#
# The cell puts a row beside it that your softmax has made. The scores are dot products of *it* with
# each word, as in lesson 1, and the embeddings have two numbers: is it a creature, is it a place?

# %%
if __name__ == "__main__":
    CAT_WORDS = ["The", "cat", "sat", "on", "mat", "it"]
    PRINTED = [0.01, 0.87, 0.52, 0.03, 0.32, 0.98]  # by the popular text
    CAT_EMBEDDINGS = np.array([[0, 0], [2.5, 0], [0.5, 0.5], [0, 0.5], [0, 2], [1.2, 0.4]])
    computed = softmax(CAT_EMBEDDINGS @ CAT_EMBEDDINGS[5])  # "it" with each of the six
    for word, wrong, right in zip(CAT_WORDS, PRINTED, computed):
        print(f"{word:4}{wrong:.2f}  {right:.2f} ▏{'█' * round(20 * right)}")
    print(f"sum {sum(PRINTED):.2f}  {sum(computed):.2f}")

# %% [markdown]
#     The 0.01  0.03 ▏█
#     cat 0.87  0.63 ▏█████████████
#     sat 0.52  0.07 ▏█
#     on  0.03  0.04 ▏█
#     mat 0.32  0.07 ▏█
#     it  0.98  0.16 ▏███
#     sum 2.73  1.00
#
# No softmax ever returned the first row, since it sums to 2.73. The second says what the text meant
# to say: *it* looks at the cat most. "Sums to 1" is a **property**. A property costs one line to
# test, needs no right answer to compare with, and catches what the eye reads over. Most checks of
# this course that you can see are of that kind.
#
# ## Out of scope
#
# A row of nothing but -inf (a word that may look at nothing) has no softmax. Temperature is the
# proper name for multiplying or dividing all scores before softmax; we meet one special case only.
