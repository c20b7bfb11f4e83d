# %% [markdown]
# # 10. Learning: nobody writes these matrices by hand
#
# *About 45 minutes, without what stands under Further.*
#
# So far you were handed W_q and W_k. A model finds them itself, from examples that say where to
# look. The recipe is short: measure how wrong the model is, find out in which direction each number
# would have to move to make it less wrong, and move all of them a little. Many times.

# %%
import numpy as np
from softmax import softmax

# %% [markdown]
# ## The task
#
# Sentences of nine words: three nouns, one that *she* can stand for, one for *he*, one for *it*, in
# any order, a filler before each; then a filler, a pronoun, a filler. The embeddings are random
# numbers: nothing in them says that *Ada* and *she* have anything to do with each other. For each
# sentence we are told i, the place of the pronoun, and j, the place of its noun.

# %%
if __name__ == "__main__":
    NOUNS = {
        "she": ["Ada", "mother", "queen", "sister", "nurse"],
        "he": ["Ben", "father", "king", "brother", "monk"],
        "it": ["tree", "street", "door", "river", "lamp"],
    }
    FILLERS = ["and", "saw", "near", "then", "so"]
    rng = np.random.default_rng(4)
    WORDS = [*FILLERS, *NOUNS, *(noun for nouns in NOUNS.values() for noun in nouns)]
    EMBEDDINGS = {word: rng.normal(size=16) for word in WORDS}

    def make_sentence():
        """Nine words, the place of the pronoun, and the place of the noun that it stands for."""
        pronouns = rng.permutation(list(NOUNS))
        words = []
        for pronoun in pronouns:
            words += [str(rng.choice(FILLERS)), str(rng.choice(NOUNS[pronoun]))]
        meant = int(rng.integers(3))
        words += [str(rng.choice(FILLERS)), str(pronouns[meant]), str(rng.choice(FILLERS))]
        return words, 7, 2 * meant + 1

    for _ in range(3):
        words, i, j = make_sentence()
        print(f"{' '.join(words):45} place {i} should look at place {j}")

# %% [markdown]
#     so nurse then street near Ben then she so     place 7 should look at place 1
#     so nurse and brother near door so he near     place 7 should look at place 3
#     saw king and Ada near tree so it near         place 7 should look at place 5
#
# ## How wrong?
#
# The share that the pronoun gives to its noun is `weights[i, j]`. The logarithm of this share, with
# a minus, is the **loss**: 0 if the share is 1, and the larger the smaller the share is.


# %%
def attention_loss(X: np.ndarray, W_q: np.ndarray, W_k: np.ndarray, i: int, j: int) -> float:
    """Say how far token i is from giving all of its attention to token j.

    Parameters
    ----------
    X : shape (n, d), one token per row
    W_q, W_k : shape (d, d_k), make the queries and the keys
    i, j : the token that looks, and the token that it should look at

    Returns
    -------
    float : -log of the share that token i gives to token j, with scores divided by √d_k

    Examples
    --------
    >>> X, nothing = np.eye(4), np.zeros((4, 2))  # everything gets a quarter
    >>> np.round([attention_loss(X, nothing, nothing, 0, 3), np.log(4)], 4).tolist()
    [1.3863, 1.3863]
    >>> W_q, W_k = np.array([[2, 0], [0, 0]]), np.array([[0, 0], [2, 1]])
    >>> X = np.array([[1, 0], [0, 1], [1, 1]])
    >>> np.round([attention_loss(X, W_q, W_k, 0, j) for j in range(3)], 2).tolist()
    [3.55, 0.72, 0.72]
    """
    # Your code here.
    raise NotImplementedError


# %% [markdown]
# ## In which direction?
#
# The **gradient** of the loss says for each number how much the loss rises if this number rises by
# a little. You find it from the end of the computation to its beginning, one step at a time.
#
# The last step comes first. With $L = -\log w_j$ and $w = \mathrm{softmax}(s)$, the gradient by the
# scores is as simple as one could wish: it is $w$ itself, less 1 in place j.


# %%
def softmax_grad(weights: np.ndarray, j: int) -> np.ndarray:
    """Give the gradient of -log weights[j] by the scores that softmax made the weights from.

    Parameters
    ----------
    weights : shape (n,), shares that sum to 1; left as they are
    j : which of them should be 1

    Returns
    -------
    array of shape (n,), float64 : the weights, less 1 in place j

    Examples
    --------
    >>> weights = np.array([0.5, 0.25, 0.25])
    >>> np.round(softmax_grad(weights, 1), 2).tolist()
    [0.5, -0.75, 0.25]
    >>> weights.tolist()
    [0.5, 0.25, 0.25]
    """
    # Your code here.
    raise NotImplementedError


# %% [markdown]
# Read it: a number below 0 says that the loss falls if this score rises. That is the score of the
# right word, unless its share is 1 already. All other scores should go down, and the more so the
# more attention they get.
#
# One step further back. With $q = x_i W_q$, $k_m = x_m W_k$, $s_m = q \cdot k_m / \sqrt{d_k}$, and
# $g$ for the gradient by the scores divided by $\sqrt{d_k}$:
#
# $$\frac{\partial L}{\partial W_q} = x_i \otimes (g K) \qquad
# \frac{\partial L}{\partial W_k} = X^\top (g \otimes q)$$
#
# ⊗ is the outer product, `np.outer`: every number of one vector times every number of the other.


# %%
def loss_grads(
    X: np.ndarray, W_q: np.ndarray, W_k: np.ndarray, i: int, j: int
) -> tuple[np.ndarray, np.ndarray]:
    """Give the gradients of the attention loss by both matrices.

    Parameters
    ----------
    X : shape (n, d), one token per row
    W_q, W_k : shape (d, d_k), make the queries and the keys
    i, j : the token that looks, and the token that it should look at

    Returns
    -------
    dW_q : array of shape (d, d_k), float64 : how much the loss rises with each number of W_q
    dW_k : array of shape (d, d_k), float64 : how much the loss rises with each number of W_k

    Examples
    --------
    >>> X, W_q, W_k = np.array([[2, 1], [1, 3]]), np.array([[1], [-1]]), np.array([[0], [1]])
    >>> dW_q, dW_k = loss_grads(X, W_q, W_k, 0, 1)  # token 0 should look at token 1, and does
    >>> np.round(dW_q, 2).tolist(), np.round(dW_k, 2).tolist()
    ([[-0.48], [-0.24]], [[0.12], [-0.24]])
    >>> W_q, W_k = np.array([[1, 2], [0, 1]]) / 4, np.array([[1, 0], [1, 2]]) / 4
    >>> dW_q, dW_k = loss_grads(X, W_q, W_k, 1, 0)
    >>> np.round(dW_q, 2).tolist(), np.round(dW_k, 2).tolist()
    ([[0.13, 0.51], [0.38, 1.52]], [[-0.13, -0.63], [0.25, 1.27]])
    """
    X = np.asarray(X, dtype=float)
    query, keys = X[i] @ W_q, X @ W_k  # (d_k,), (n, d_k)
    weights = softmax(keys @ query / np.sqrt(len(query)))  # (n,), as in attention_loss
    # Your code here.
    raise NotImplementedError


# %% [markdown]
# ## Never trust a gradient
#
# A gradient has a test that needs no right answer: move one number by a hair, and see how much the
# loss changes.

# %%
if __name__ == "__main__":
    X, W_q, W_k = rng.normal(size=(5, 6)), rng.normal(size=(6, 3)), rng.normal(size=(6, 3))
    grads = loss_grads(X, W_q, W_k, 2, 4)
    loss, hair = attention_loss(X, W_q, W_k, 2, 4), np.zeros((6, 3))
    hair[1, 2] = 1e-6
    by_hair_q = (attention_loss(X, W_q + hair, W_k, 2, 4) - loss) / 1e-6
    by_hair_k = (attention_loss(X, W_q, W_k + hair, 2, 4) - loss) / 1e-6
    print(f"W_q[1, 2]: by the formula {grads[0][1][2]:.3f}, by a hair {by_hair_q:.3f}")
    print(f"W_k[1, 2]: by the formula {grads[1][1][2]:.3f}, by a hair {by_hair_k:.3f}")

# %% [markdown]
#     W_q[1, 2]: by the formula -0.064, by a hair -0.064
#     W_k[1, 2]: by the formula -0.301, by a hair -0.301
#
# ## Many small steps
#
# **Predict.** There are 200 sentences, and each is seen ten times. How large should a step be: 0.01
# times the gradient, or 0.1 times? How does each of the two end?


# %%
def train(
    sentences: list[tuple[np.ndarray, int, int]],
    W_q: np.ndarray,
    W_k: np.ndarray,
    steps: int,
    lr: float,
) -> tuple[np.ndarray, np.ndarray, list[float]]:
    """Make the loss smaller, one sentence after the other.

    Parameters
    ----------
    sentences : a list of (X, i, j) with X of shape (n, d), as for attention_loss; one for each
        step, and after the last one it begins again with the first
    W_q, W_k : shape (d, d_k), where to start; left as they are
    steps : how many
    lr : the learning rate: a step moves both matrices at once, downhill, by lr times the gradient

    Returns
    -------
    W_q, W_k : arrays of shape (d, d_k), float64, after the last step
    losses : list of floats, one for each step : the loss of its sentence before the step

    Examples
    --------
    >>> X, W = np.array([[1, 0], [0, 1]]), np.array([[0], [1]])
    >>> W_q, W_k, losses = train([(X, 0, 1), (X, 1, 1)], W, W, 3, 1.0)
    >>> np.round(W_q, 2).tolist(), np.round(W_k, 2).tolist()
    ([[0.99], [1.27]], [[-0.43], [1.43]])
    >>> np.round(losses, 2).tolist()  # the third is of the first sentence again
    [0.69, 0.31, 0.38]
    """
    # Your code here.
    raise NotImplementedError


# %%
# Was your prediction right? "Right" counts sentences that the model was never trained on.
if __name__ == "__main__":

    def in_numbers(words, i, j):
        """X, i, j for a sentence."""
        return np.array([EMBEDDINGS[word] for word in words]), i, j

    seen = [in_numbers(*make_sentence()) for _ in range(200)]
    fresh = [in_numbers(*make_sentence()) for _ in range(200)]
    START = 0.1 * rng.normal(size=(2, 16, 4))  # W_q and W_k: d = 16, d_k = 4

    def share_right(W_q, W_k):
        """The share of fresh sentences in which the pronoun looks at its noun most."""
        return np.mean([np.argmax(X @ W_k @ (X[i] @ W_q)) == j for X, i, j in fresh])

    print(f"before learning: right {share_right(*START):.0%}")
    for lr in (0.01, 0.1):
        print(f"steps of {lr} times the gradient")
        matrices = START
        for number in range(1, 11):
            with np.errstate(all="ignore"):
                *matrices, losses = train(seen, *matrices, 200, lr)
            loss = np.mean(losses)
            if number in (1, 2, 5, 10) and loss < 10:
                print(f"    round {number:2}: loss {loss:.2f}, right {share_right(*matrices):.0%}")
            elif number in (1, 2, 5, 10):
                print(f"    round {number:2}: loss more than 10")

# %% [markdown]
#     before learning: right 10%
#     steps of 0.01 times the gradient
#         round  1: loss 1.96, right 66%
#         round  2: loss 0.72, right 100%
#         round  5: loss 0.04, right 100%
#         round 10: loss 0.01, right 100%
#     steps of 0.1 times the gradient
#         round  1: loss 1.02, right 68%
#         round  2: loss more than 10
#         round  5: loss more than 10
#         round 10: loss more than 10
#
# With small steps the pronoun finds its noun in every sentence. Nobody told the model what *she*
# means. It found a W_q and a W_k by which *she* asks for something that *Ada*, *mother* and the
# others offer. With steps ten times as large it jumps over the valley and up the other side, and
# with each jump further up.
#
# ## What you should see
#
# One fresh sentence, and the row of *she* in it before learning and after 1, 2 and 10 rounds.

# %%
if __name__ == "__main__":
    words = ["saw", "king", "and", "queen", "near", "door", "so", "she", "then"]
    X, i, j = in_numbers(words, 7, 3)
    rows = []
    for rounds in (0, 1, 2, 10):
        W_q, W_k, _ = train(seen, *START, 200 * rounds, 0.01)
        rows.append([np.exp(-attention_loss(X, W_q, W_k, i, place)) for place in range(9)])
    for word, shares in zip(words, np.transpose(rows)):
        bars = "  ".join(f"{share:.2f} ▏{'█' * round(8 * share):8}" for share in shares)
        print(f"{word:6} {bars}".rstrip())

# %% [markdown]
#     saw    0.08 ▏█         0.10 ▏█         0.04 ▏          0.00 ▏
#     king   0.08 ▏█         0.04 ▏          0.00 ▏          0.00 ▏
#     and    0.20 ▏██        0.11 ▏█         0.03 ▏          0.00 ▏
#     queen  0.07 ▏█         0.11 ▏█         0.54 ▏████      0.99 ▏████████
#     near   0.10 ▏█         0.13 ▏█         0.04 ▏          0.00 ▏
#     door   0.09 ▏█         0.14 ▏█         0.14 ▏█         0.01 ▏
#     so     0.17 ▏█         0.12 ▏█         0.01 ▏          0.00 ▏
#     she    0.10 ▏█         0.11 ▏█         0.06 ▏          0.00 ▏
#     then   0.11 ▏█         0.13 ▏█         0.13 ▏█         0.00 ▏
#
# ## Further: the root once more
#
# What would happen without the √d_k of lesson 5? If W_q is multiplied by √d_k, the division is
# undone. Here is the mean loss of the fresh sentences before anything is learned, for a W_q and a
# W_k of random numbers. Whoever looks at all nine words alike has a loss of log 9, which is 2.2.

# %%
if __name__ == "__main__":
    for d_k in (4, 16, 64):
        W_q, W_k = 0.4 * rng.normal(size=(2, 16, d_k))
        for name, factor in {"with the root": 1, "without": np.sqrt(d_k)}.items():
            loss = np.mean([attention_loss(X, factor * W_q, W_k, i, j) for X, i, j in fresh])
            print(f"d_k = {d_k:2}, {name:13} loss {loss:5.1f} ▏{'█' * round(loss)}")

# %% [markdown]
#     d_k =  4, with the root loss   3.3 ▏███
#     d_k =  4, without       loss   5.6 ▏██████
#     d_k = 16, with the root loss   3.6 ▏████
#     d_k = 16, without       loss  11.5 ▏███████████
#     d_k = 64, with the root loss   4.4 ▏████
#     d_k = 64, without       loss  30.7 ▏███████████████████████████████
#
# With the root, the loss hardly depends on how long queries and keys are. Without it, a model with
# long keys starts out certain of something that it has never learned, and first has to be talked
# out of it.
#
# ## Out of scope
#
# Who says where to look? Here we did. A real model is told no more than the next word of each text,
# and the gradient of *that* loss runs back through all layers, into every W_q, W_k and W_v. And
# there are better ways to step than straight downhill.
