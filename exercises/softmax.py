# %% [markdown]
# # 2. Softmax: from scores to shares
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
# ## Only differences count
#
# **Predict.** The scores 1, 2, 3 give the shares 0.09, 0.24, 0.67. What do 1001, 1002, 1003 give?
# And 10, 20, 30? One of the two changes nothing.
#
# Adding the same number to every score multiplies every exponential by the same factor, above and
# below the line, and the factor cancels. Multiplying the scores is another matter: it stretches the
# differences, and the largest score takes nearly everything. (Keep that in mind for lesson 3.)
#
# That the shift cancels is more than pretty. `np.exp(1000)` is `inf`, and `inf / inf` is `nan`. But
# if shifting is free, *you* may choose the shift: subtract the largest score first, and no exponent
# is above 0. Where one array holds several rows of scores, each row needs its *own* largest.
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
    >>> softmax([1, 2, 3]).round(2).tolist()
    [0.09, 0.24, 0.67]
    >>> softmax([[1000, 1000], [0, -np.inf]]).tolist()
    [[0.5, 0.5], [1.0, 0.0]]
    >>> softmax([[5, 0], [5, 0]], axis=0).tolist()  # down the columns
    [[0.5, 0.5], [0.5, 0.5]]
    """
    # Your code here.
    raise NotImplementedError


# %%
# Was your prediction right? Take out the # and run:
# print(softmax([1001, 1002, 1003]).round(2))
# print(softmax([10, 20, 30]).round(2))

# %% [markdown]
# ## What you should see
#
# How *chasing* shares its attention, once by the scores as they are and once by ten times the
# scores. The order of the words is the same; the contrast is not.
#
#     >>> for word, share, sharper in zip(WORDS, softmax(SCORES), softmax(10 * SCORES)):
#     ...     print(f"{word:9}{share:.2f} ▏{'█' * round(40 * share):9}", end="")
#     ...     print(f"{sharper:.2f} ▏{'█' * round(40 * sharper)}")
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
# and you need no model to see what. Look before you add them up:
#
#     >>> round(sum([0.01, 0.87, 0.52, 0.03, 0.32, 0.98]), 2)
#     2.73
#
# No softmax ever returned that. Properties such as "sums to 1" cost one line to test, need no
# right answer to compare with, and catch what the eye reads over. Most checks of this course that
# you can see are of that kind.
#
# ## Out of scope
#
# A row of nothing but -inf (a word that may look at nothing) has no softmax. Temperature is the
# proper name for multiplying or dividing all scores before softmax; we only meet one special case.
