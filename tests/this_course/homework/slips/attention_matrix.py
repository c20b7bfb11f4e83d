# Slips of the hand and of habit, as learners make them. Each cell comes after the lesson's solution.
# Its head is what a tutor would say on seeing it.

# %% X * X.T multiplies entry by entry; the matrix product is @
def attention_scores(X):
    return X * X.T / np.sqrt(X.shape[1])

# %% shape without an index is a pair: X.shape[1]
def attention_scores(X):
    return X @ X.T / np.sqrt(X.shape)

# %% shape is no function: square brackets
def attention_scores(X):
    return X @ X.T / np.sqrt(X.shape(1))

# %% size() belongs to torch; X.shape[1]
def attention_scores(X):
    return X @ X.T / np.sqrt(X.size(1))

# %% len(X) is the number of rows, not of columns
def attention_scores(X):
    return X @ X.T / np.sqrt(len(X))

# %% X @ X does not fit: (n, d) @ (n, d)
def attention_scores(X):
    return X @ X / np.sqrt(X.shape[1])

# %% X.T is no function
def attention_scores(X):
    return X @ X.T() / np.sqrt(X.shape[1])

# %% transpose(-2, -1) is torch's; X.T
def attention_scores(X):
    return X @ X.transpose(-2, -1) / np.sqrt(X.shape[-1])

# %% brackets: only the second factor is divided, and X.T first
def attention_scores(X):
    return X @ (X.T / X.shape[1]) ** 0.5

# %% d is never set
def attention_scores(X):
    return X @ X.T / np.sqrt(d)

# %% math.sqrt of the scores: the root belongs to d
def attention_scores(X):
    return np.sqrt(X @ X.T) / X.shape[1]

# %% softmax is called without its argument
def attention_matrix(X):
    return softmax()

# %% dim is torch's; your softmax calls it axis
def attention_matrix(X):
    return softmax(attention_scores(X), dim=-1)

# %% hands over X instead of its scores
def attention_matrix(X):
    return softmax(X)

# %% the function is handed over instead of its result: brackets
def attention_matrix(X):
    return softmax(attention_scores)

# %% computes the scores and forgets to use them
def attention_matrix(X):
    scores = attention_scores(X)
    return softmax(X @ X.T)

# %% the import has a wrong name
from softmax import soft_max
def attention_matrix(X):
    return soft_max(attention_scores(X))

# %% weights * X does not fit; the matrix product is @
def blend(weights, X):
    return weights * X

# %% the other way round: weights @ X
def blend(weights, X):
    return X @ weights

# %% a sum over the wrong axis
def blend(weights, X):
    return (np.asarray(weights, float)[:, :, None] * np.asarray(X, float)[None]).sum(axis=0)

# %% adds all up to one number
def blend(weights, X):
    return np.sum(np.asarray(weights) @ np.asarray(X))

# %% `weights = ...` was left in the code
def blend(weights, X):
    weights = ...
    return weights @ X

# %% argmax over everything
def most_attended(weights, i):
    return int(np.argmax(weights))

# %% gives the weight, not its place
def most_attended(weights, i):
    return max(weights[i])

# %% comes back as an array of one
def most_attended(weights, i):
    return np.where(weights[i] == max(weights[i]))

# %% the index is a text
def most_attended(weights, i):
    return str(np.argmax(weights[i]))

# %% the word instead of its index
def most_attended(weights, i):
    return WORDS[np.argmax(weights[i])]
