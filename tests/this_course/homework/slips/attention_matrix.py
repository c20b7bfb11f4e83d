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

# %% ^ is no transpose: X.T
def attention_scores(X):
    return X @ X^T / np.sqrt(X.shape[1])

# %% torch is not there: np.matmul, or @
def attention_scores(X):
    return torch.matmul(X, X.T) / np.sqrt(X.shape[1])

# %% .t() is torch's; X.T
def attention_scores(X):
    return X @ X.t() / np.sqrt(X.shape[1])

# %% mm is torch's; @
def attention_scores(X):
    return X.mm(X.T) / np.sqrt(X.shape[1])

# %% transpose is not called
def attention_scores(X):
    return X @ X.transpose / np.sqrt(X.shape[1])

# %% columns are compared with columns: X @ X.T
def attention_scores(X):
    return X.T @ X / np.sqrt(X.shape[1])

# %% [[0] * n] * n is n times the same row
def attention_scores(X):
    n, d = X.shape
    scores = [[0.0] * n] * n
    for i in range(n):
        for j in range(n):
            scores[i][j] = X[i] @ X[j] / np.sqrt(d)
    return np.array(scores)

# %% a list of lists is not indexed with a pair: scores[i][j]
def attention_scores(X):
    n, d = X.shape
    scores = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            scores[i, j] = X[i] @ X[j] / np.sqrt(d)
    return np.array(scores)

# %% len gives one number, two names wait for it: X.shape
def attention_scores(X):
    n, d = len(X)
    return X @ X.T / np.sqrt(d)

# %% range takes a number: n, d = X.shape
def attention_scores(X):
    n = X.shape
    return np.array([[X[i] @ X[j] for i in range(n)] for j in range(n)])

# %% sqrt(d) of the wrong one: d is X.shape[1]
def attention_scores(X):
    return X @ X.T / np.sqrt(X.shape[0])

# %% the root is forgotten
def attention_scores(X):
    return X @ X.T / X.shape[1]

# %% einsum has two letters' groups and one array
def attention_scores(X):
    return np.einsum("nd,md->nm", X) / np.sqrt(X.shape[1])

# %% softmax is a module here: from softmax import softmax
import softmax
def attention_matrix(X):
    return softmax(attention_scores(X))

# %% the file is called softmax, without the folder
del softmax
from exercises.softmax import softmax
def attention_matrix(X):
    return softmax(attention_scores(X))

# %% a leading point is for packages: from softmax import softmax
del softmax
from .softmax import softmax
def attention_matrix(X):
    return softmax(attention_scores(X))

# %% capital letters count: softmax
del softmax
from Softmax import softmax
def attention_matrix(X):
    return softmax(attention_scores(X))

# %% `scores` exists only inside the other function: call it
def attention_matrix(X):
    return softmax(scores)

# %% square brackets look up, round ones call
def attention_matrix(X):
    return softmax(attention_scores[X])

# %% softmax down the columns
def attention_matrix(X):
    return softmax(attention_scores(X), axis=0)

# %% softmax twice
def attention_matrix(X):
    return softmax(softmax(attention_scores(X)))

# %% dot has no axis
def blend(weights, X):
    return np.dot(weights, X, axis=1)

# %% np.average wants one weight for each row
def blend(weights, X):
    return np.average(X, weights=weights, axis=0)

# %% np.argmax is not called
def most_attended(weights, i):
    return weights[i].argmax

# %% index() belongs to lists; np.argmax
def most_attended(weights, i):
    return weights[i].index(max(weights[i]))

# %% counts from one, as R and Matlab do
def most_attended(weights, i):
    return int(np.argmax(weights[i])) + 1

# %% the column, where the row is asked for
def most_attended(weights, i):
    return int(np.argmax(weights[:, i]))

# %% the least, not the most
def most_attended(weights, i):
    return int(np.argmin(weights[i]))

# %% all rows at once: one index is asked for
def most_attended(weights, i):
    return np.argmax(weights, axis=1)

# %% round brackets call; weights[i]
def most_attended(weights, i):
    return int(np.argmax(weights(i)))

# %% a pair comes back: only the index is asked for
def most_attended(weights, i):
    return i, int(np.argmax(weights[i]))

# %% the root belongs to d alone
def attention_scores(X):
    return np.sqrt(X @ X.T / X.shape[1])

# %% d is written as a number
def attention_scores(X):
    return X @ X.T / np.sqrt(2)

# %% the parameter is x, and X is the one of the lesson
def attention_scores(x):
    return X @ X.T / np.sqrt(X.shape[1])

# %% scores and weights are both returned
def attention_matrix(X):
    s = attention_scores(X)
    return s, softmax(s)

# %% d is the whole shape, two numbers
def attention_scores(X):
    d = X.shape
    return X @ X.T / np.sqrt(d)

# %% one long list of scores, not a row for each word
def attention_scores(X):
    return np.array([x @ y / np.sqrt(len(x)) for x in X for y in X])

# %% softmax is your own, without np.
def attention_matrix(X):
    return np.softmax(attention_scores(X))

# %% blended already, where the weights are asked for
def attention_matrix(X):
    return blend(softmax(attention_scores(X)), X)

# %% np.average wants one list of weights; a table of them is for @
def blend(weights, X):
    return np.average(X, weights=weights)

# %% np.where gives a tuple of arrays
def most_attended(weights, i):
    return np.where(weights[i] == weights[i].max())
