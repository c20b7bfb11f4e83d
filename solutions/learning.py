# %% [markdown]
# # 10. Learning: nobody writes these matrices by hand
#
# *About 25 minutes, without what stands under Further.*
#
# So far you were handed W_q and W_k. A model finds them itself, from examples: measure how wrong it
# is, find out which way each number has to go to make it less wrong, and move all of them a little.
# Many times.

# %%
import numpy as np
from softmax import softmax

# %% [markdown]
# ## How wrong?
#
# In *saw king and queen near door so she then*, *she* (token i) should look at *queen* (token j).
# The embeddings are random: nothing in them connects the two. The **loss** is minus the logarithm
# of the share that token i gives to token j: 0 for a share of 1, and large for a small one.


# %%
def attention_loss(X: np.ndarray, W_q: np.ndarray, W_k: np.ndarray, i: int, j: int) -> float:
    """Say how far token i is from giving token j all of its attention.

    Parameters
    ----------
    X : shape (n, d), one token per row
    W_q, W_k : shape (d, d_k)
    i, j : who looks, and at whom it should look

    Returns
    -------
    float : -log of the share that token i gives to token j

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
    query, keys = X[i] @ W_q, X @ W_k  # (d_k,), (n, d_k)
    weights = softmax(keys @ query / np.sqrt(len(query)))  # (n,): how token i shares its attention
    ### BEGIN SOLUTION
    return float(-np.log(weights[j]))
    ### END SOLUTION


# %% [markdown]
# ## In which direction?
#
# The **gradient** says for each number how much the loss rises if this number rises by a little.
# First by the scores $s$: with $w = \mathrm{softmax}(s)$ and $L = -\log w_j$, it is $w$, less 1 in
# place j.


# %%
def softmax_grad(weights: np.ndarray, j: int) -> np.ndarray:
    """Give the gradient of -log weights[j] by the scores behind the weights.

    Parameters
    ----------
    weights : shape (n,), shares; left as they are
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
    grad = np.array(weights, dtype=float)  # a copy
    ### BEGIN SOLUTION
    grad[j] -= 1.0
    ### END SOLUTION
    return grad


# %% [markdown]
# Only the right word's number is below 0: if its score rises, the loss falls. All others should go
# down, and the more so the more attention they get.
#
# From there back to the matrices: with the query $q$, the keys $K$, and $g$ for this gradient over
# $\sqrt{d_k}$,
#
# $$\frac{\partial L}{\partial W_q} = x_i \otimes (g K) \qquad
# \frac{\partial L}{\partial W_k} = X^\top (g \otimes q)$$
#
# where ⊗ is `np.outer`: (d,) and (d_k,) make (d, d_k), every number times every other.


# %%
def loss_grads(
    X: np.ndarray, W_q: np.ndarray, W_k: np.ndarray, i: int, j: int
) -> tuple[np.ndarray, np.ndarray]:
    """Give the gradients of the attention loss by both matrices.

    Parameters
    ----------
    X, W_q, W_k, i, j : as for attention_loss; X has shape (n, d)

    Returns
    -------
    dW_q, dW_k : arrays of shape (d, d_k), float64

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
    query, keys = X[i] @ W_q, X @ W_k  # (d_k,), (n, d_k)
    weights = softmax(keys @ query / np.sqrt(len(query)))  # (n,), as in attention_loss
    ### BEGIN SOLUTION
    g = softmax_grad(weights, j) / np.sqrt(len(query))  # (n,)
    return np.outer(X[i], g @ keys), X.T @ np.outer(g, query)
    ### END SOLUTION


# %% [markdown]
# ## Further: never trust a gradient
#
# A gradient has a test that needs no right answer: move one number by a hair, and see how much the
# loss changes.

# %%
if __name__ == "__main__":
    dice = np.random.default_rng(10)
    X, W_q, W_k = dice.normal(size=(5, 6)), dice.normal(size=(6, 3)), dice.normal(size=(6, 3))
    grads = loss_grads(X, W_q, W_k, 2, 4)
    loss, hair = attention_loss(X, W_q, W_k, 2, 4), np.zeros((6, 3))
    hair[1, 2] = 1e-6
    by_hair_q = (attention_loss(X, W_q + hair, W_k, 2, 4) - loss) / 1e-6
    by_hair_k = (attention_loss(X, W_q, W_k + hair, 2, 4) - loss) / 1e-6
    print(f"W_q[1, 2]: by the formula {grads[0][1][2]:.3f}, by a hair {by_hair_q:.3f}")
    print(f"W_k[1, 2]: by the formula {grads[1][1][2]:.3f}, by a hair {by_hair_k:.3f}")

# %% [markdown]
#     W_q[1, 2]: by the formula -0.206, by a hair -0.206
#     W_k[1, 2]: by the formula 2.563, by a hair 2.563
#
# ## Many small steps
#
# **Predict.** Of 200 such sentences, each is seen ten times. Should a step be 0.01 times the
# gradient, or 0.2 times? How does each of the two end?


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
    sentences : a list of (X, i, j), X of shape (n, d); a step takes the next one, in turns
    W_q, W_k : shape (d, d_k), the start; left as they are
    steps : how many
    lr : a step takes lr times its gradient off both matrices at once

    Returns
    -------
    W_q, W_k : arrays of shape (d, d_k), float64
    losses : list of floats : the loss before each step

    Examples
    --------
    >>> X, W = np.array([[1, 0], [0, 1]]), np.array([[0], [1]])
    >>> W_q, W_k, losses = train([(X, 0, 1), (X, 1, 1)], W, W, 3, 0.5)
    >>> np.round(W_q, 2).tolist(), np.round(W_k, 2).tolist()
    ([[0.52], [1.13]], [[-0.19], [1.19]])
    >>> np.round(losses, 2).tolist()  # the third is of the first sentence again
    [0.69, 0.31, 0.55]
    """
    W_q, W_k, losses = np.array(W_q, dtype=float), np.array(W_k, dtype=float), []  # copies
    for step in range(steps):
        X, i, j = sentences[step % len(sentences)]
        losses.append(attention_loss(X, W_q, W_k, i, j))
        dW_q, dW_k = loss_grads(X, W_q, W_k, i, j)
        ### BEGIN SOLUTION
        W_q, W_k = W_q - lr * dW_q, W_k - lr * dW_k
        ### END SOLUTION
    return W_q, W_k, losses


# %%
# Was your prediction right? Each sentence has a noun for *she*, for *he* and for *it*, and then
# one of these pronouns. "Right" counts sentences that the model was never trained on.
if __name__ == "__main__":
    NOUNS = {
        "she": ["Ada", "mother", "queen", "sister", "nurse"],
        "he": ["Ben", "father", "king", "brother", "monk"],
        "it": ["tree", "street", "door", "river", "lamp"],
    }
    FILLERS = ["and", "saw", "near", "then", "so"]
    rng = np.random.default_rng(15)
    WORDS = [*FILLERS, *NOUNS, *(noun for nouns in NOUNS.values() for noun in nouns)]
    EMBEDDINGS = {word: rng.normal(size=16) for word in WORDS}
    sentences = []
    for _ in range(400):
        words, pronouns = rng.choice(FILLERS, 9).tolist(), rng.permutation(list(NOUNS))
        words[1:7:2] = [rng.choice(NOUNS[pronoun]) for pronoun in pronouns]
        meant = int(rng.integers(3))
        words[7] = pronouns[meant]
        sentences.append((np.array([EMBEDDINGS[word] for word in words]), 7, 2 * meant + 1))
    seen, fresh = sentences[:200], sentences[200:]
    START = 0.1 * rng.normal(size=(2, 16, 4))  # W_q and W_k: d = 16, d_k = 4

    for lr in (0.01, 0.2):
        with np.errstate(all="ignore"):
            *_, losses = train(seen, *START, 2000, lr)
        rounds = np.reshape(losses, (10, 200)).mean(axis=1)
        told = [f"{loss:.2f}" if loss < 10 else "over 10" for loss in rounds[[0, 1, 9]]]
        print(f"loss in rounds 1, 2 and 10, with steps of {lr}: {', '.join(told)}")

    words = ["saw", "king", "and", "queen", "near", "door", "so", "she", "then"]
    ours, rows, right = np.array([EMBEDDINGS[word] for word in words]), [], []
    for rounds in (0, 1, 2, 10):
        W_q, W_k, _ = train(seen, *START, 200 * rounds, 0.01)
        rows.append([np.exp(-attention_loss(ours, W_q, W_k, 7, place)) for place in range(9)])
        right.append(np.mean([np.argmax(X @ W_k @ (X[i] @ W_q)) == j for X, i, j in fresh]))
    print("the row of *she* after 0, 1, 2 and 10 rounds with steps of 0.01")
    for word, shares in zip(words, np.transpose(rows)):
        bars = "  ".join(f"{share:.2f} ▏{'█' * round(8 * share):8}" for share in shares)
        print(f"{word:6} {bars}".rstrip())
    print("right ", "  ".join(f"{share:<14.0%}" for share in right).rstrip())

# %% [markdown]
#     loss in rounds 1, 2 and 10, with steps of 0.01: 1.66, 0.81, 0.03
#     loss in rounds 1, 2 and 10, with steps of 0.2: over 10, over 10, over 10
#     the row of *she* after 0, 1, 2 and 10 rounds with steps of 0.01
#     saw    0.09 ▏█         0.11 ▏█         0.03 ▏          0.00 ▏
#     king   0.07 ▏█         0.09 ▏█         0.02 ▏          0.00 ▏
#     and    0.08 ▏█         0.07 ▏█         0.00 ▏          0.00 ▏
#     queen  0.09 ▏█         0.30 ▏██        0.71 ▏██████    0.98 ▏████████
#     near   0.13 ▏█         0.05 ▏          0.00 ▏          0.00 ▏
#     door   0.09 ▏█         0.27 ▏██        0.22 ▏██        0.02 ▏
#     so     0.17 ▏█         0.08 ▏█         0.01 ▏          0.00 ▏
#     she    0.16 ▏█         0.02 ▏          0.00 ▏          0.00 ▏
#     then   0.11 ▏█         0.02 ▏          0.00 ▏          0.00 ▏
#     right  16%             67%             82%             100%
#
# Small steps find the noun. Nobody told the model what *she* means: by the learned matrices, *she*
# asks for what *queen*, *mother* and the others offer. Large steps jump over the valley, and each
# time further up the other side.
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
#     d_k =  4, with the root loss   4.0 ▏████
#     d_k =  4, without       loss   6.6 ▏███████
#     d_k = 16, with the root loss   5.3 ▏█████
#     d_k = 16, without       loss  19.6 ▏████████████████████
#     d_k = 64, with the root loss   5.4 ▏█████
#     d_k = 64, without       loss  39.1 ▏███████████████████████████████████████
#
# With the root, the loss hardly depends on how long queries and keys are. Without it, a model with
# long keys starts out certain of something that it has never learned, and first has to be talked
# out of it.
#
# ## Out of scope
#
# Here we said where to look. A real model is told only the next word, and the gradient of *that*
# loss runs back through all layers.
