# Answers to lesson 10 as people write them; see dot_product.py for the form.

# %% wrong: no minus
# names: missing-minus
def attention_loss(X, W_q, W_k, i, j):
    scores = (X @ W_k) @ (X[i] @ W_q) / np.sqrt(W_k.shape[1])
    return np.log(softmax(scores)[j])

# %% wrong: log2 as in information theory
# names: other-base
def attention_loss(X, W_q, W_k, i, j):
    scores = (X @ W_k) @ (X[i] @ W_q) / np.sqrt(W_k.shape[1])
    return -np.log2(softmax(scores)[j])

# %% wrong: the mean over all tokens, as cross-entropy of a batch
# evidence: all tokens
def attention_loss(X, W_q, W_k, i, j):
    scores = (X @ W_q) @ (X @ W_k).T / np.sqrt(W_k.shape[1])
    return -np.mean(np.log(softmax(scores)[:, j]))

# %% wrong: one minus the share
# names: no-logarithm
def attention_loss(X, W_q, W_k, i, j):
    scores = (X @ W_k) @ (X[i] @ W_q) / np.sqrt(W_k.shape[1])
    return 1 - softmax(scores)[j]

# %% wrong: the squared error to the one-hot vector
# evidence: squared
def attention_loss(X, W_q, W_k, i, j):
    weights = softmax((X @ W_k) @ (X[i] @ W_q) / np.sqrt(W_k.shape[1]))
    target = np.zeros(len(weights))
    target[j] = 1
    return np.sum((weights - target) ** 2)

# %% wrong: forgets the root of d_k
# names: missing-scale
def attention_loss(X, W_q, W_k, i, j):
    return -np.log(softmax((X @ W_k) @ (X[i] @ W_q))[j])

# %% wrong: target minus weights
# names: flipped-sign
def softmax_grad(weights, j):
    target = np.zeros(len(weights))
    target[j] = 1
    return target - weights

# %% wrong: the diagonal of the Jacobian, w (1 - w)
# evidence: own score
def softmax_grad(weights, j):
    return weights * (1 - weights)

# %% wrong: writes into the weights
# names: mutates-input
def softmax_grad(weights, j):
    weights[j] -= 1
    return weights

# %% wrong: one is taken off everywhere
# evidence: every place
def softmax_grad(weights, j):
    return weights - 1.0

# %% wrong: the gradient forgets the scale
# names: gradient-missing-scale
def loss_grads(X, W_q, W_k, i, j):
    q, K = X[i] @ W_q, X @ W_k
    g = softmax_grad(softmax(K @ q / np.sqrt(len(q))), j)
    return np.outer(X[i], g @ K), np.outer(g @ X, q)

# %% wrong: dW_k from token i alone
# evidence: one token alone
def loss_grads(X, W_q, W_k, i, j):
    q, K = X[i] @ W_q, X @ W_k
    g = softmax_grad(softmax(K @ q / np.sqrt(len(q))), j) / np.sqrt(len(q))
    return np.outer(X[i], g @ K), np.outer(X[j], q)

# %% wrong: outer products the wrong way round
# names: transposed-outer
def loss_grads(X, W_q, W_k, i, j):
    q, K = X[i] @ W_q, X @ W_k
    g = softmax_grad(softmax(K @ q / np.sqrt(len(q))), j) / np.sqrt(len(q))
    return np.outer(g @ K, X[i]), np.outer(q, g @ X)

# %% wrong: gradient ascent
# names: flipped-sign
def train(sentences, W_q, W_k, steps, lr):
    losses = []
    for step in range(steps):
        X, i, j = sentences[step % len(sentences)]
        losses.append(attention_loss(X, W_q, W_k, i, j))
        dW_q, dW_k = loss_grads(X, W_q, W_k, i, j)
        W_q, W_k = W_q + lr * dW_q, W_k + lr * dW_k
    return W_q, W_k, losses

# %% wrong: in place, on the caller's matrices
# names: mutates-input
def train(sentences, W_q, W_k, steps, lr):
    losses = []
    for step in range(steps):
        X, i, j = sentences[step % len(sentences)]
        losses.append(attention_loss(X, W_q, W_k, i, j))
        dW_q, dW_k = loss_grads(X, W_q, W_k, i, j)
        W_q -= lr * dW_q
        W_k -= lr * dW_k
    return W_q, W_k, losses

# %% wrong: the second gradient is taken after the first step
# names: one-after-the-other
def train(sentences, W_q, W_k, steps, lr):
    losses = []
    for step in range(steps):
        X, i, j = sentences[step % len(sentences)]
        losses.append(attention_loss(X, W_q, W_k, i, j))
        W_q = W_q - lr * loss_grads(X, W_q, W_k, i, j)[0]
        W_k = W_k - lr * loss_grads(X, W_q, W_k, i, j)[1]
    return W_q, W_k, losses

# %% wrong: a step is an epoch
# names: rounds-instead-of-steps
def train(sentences, W_q, W_k, steps, lr):
    losses = []
    for step in range(steps):
        for X, i, j in sentences:
            losses.append(attention_loss(X, W_q, W_k, i, j))
            dW_q, dW_k = loss_grads(X, W_q, W_k, i, j)
            W_q, W_k = W_q - lr * dW_q, W_k - lr * dW_k
    return W_q, W_k, losses

# %% wrong: W_k never learns
# evidence: one matrix that learns
def train(sentences, W_q, W_k, steps, lr):
    losses = []
    for step in range(steps):
        X, i, j = sentences[step % len(sentences)]
        losses.append(attention_loss(X, W_q, W_k, i, j))
        dW_q, dW_k = loss_grads(X, W_q, W_k, i, j)
        W_q = W_q - lr * dW_q
    return W_q, W_k, losses

# %% wrong: the step forgets the learning rate
# names: no-learning-rate
def train(sentences, W_q, W_k, steps, lr):
    W_q, W_k, losses = np.array(W_q, dtype=float), np.array(W_k, dtype=float), []
    for step in range(steps):
        X, i, j = sentences[step % len(sentences)]
        losses.append(attention_loss(X, W_q, W_k, i, j))
        dW_q, dW_k = loss_grads(X, W_q, W_k, i, j)
        W_q -= dW_q
        W_k -= dW_k
    return W_q, W_k, losses

# %% right: the whole matrix of weights, and its row i
def attention_loss(X, W_q, W_k, i, j):
    weights = softmax((X @ W_q) @ (X @ W_k).T / np.sqrt(W_q.shape[1]), axis=-1)
    return -np.log(weights[i, j])

# %% right: einsum for the gradients, copies in train
def loss_grads(X, W_q, W_k, i, j):
    q, K = X[i] @ W_q, X @ W_k
    ds = softmax_grad(softmax(K @ q / np.sqrt(W_k.shape[1])), j) / np.sqrt(W_k.shape[1])
    return np.einsum("d,k->dk", X[i], ds @ K), np.einsum("nd,n,k->dk", X, ds, q)

def train(sentences, W_q, W_k, steps, lr):
    W_q, W_k, losses = W_q.astype(float), W_k.astype(float), []
    for step in range(steps):
        sentence = sentences[step % len(sentences)]
        losses.append(attention_loss(sentence[0], W_q, W_k, *sentence[1:]))
        dW_q, dW_k = loss_grads(sentence[0], W_q, W_k, *sentence[1:])
        W_q -= lr * dW_q
        W_k -= lr * dW_k
    return W_q, W_k, losses
