# Slips of the hand and of habit, as learners make them. Each cell comes after the lesson's solution.
# Its head is what a tutor would say on seeing it.

# %% the pair comes back the other way round
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(K.shape[1]))
    return weights, weights @ V

# %% a name without brackets: K.shape[1] is meant
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(K.shape))
    return weights @ V, weights

# %% the bracket closes too late: softmax gets the product with V
def scaled_dot_product_attention(Q, K, V):
    weights = Q @ K.T / np.sqrt(K.shape[1])
    return softmax(weights @ V), softmax(weights)

# %% V @ weights does not fit: weights @ V
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(K.shape[1]))
    return V @ weights, weights

# %% dim is torch's
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(K.shape[1]), dim=-1)
    return weights @ V, weights

# %% in place on integers: `scores /= …` needs floats
def scaled_dot_product_attention(Q, K, V):
    scores = Q @ K.T
    scores /= np.sqrt(K.shape[1])
    weights = softmax(scores)
    return weights @ V, weights

# %% three arrays come from project_qkv: unpack all of them
def self_attention(X, W_q, W_k, W_v):
    Q, K = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, X)

# %% hands over the tuple as one argument: a star or three names
def self_attention(X, W_q, W_k, W_v):
    return scaled_dot_product_attention(project_qkv(X, W_q, W_k, W_v))

# %% forgets to return
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    scaled_dot_product_attention(Q, K, V)

# %% X + output does not fit: nobody asked for a sum
def self_attention(X, W_q, W_k, W_v):
    output, weights = scaled_dot_product_attention(*project_qkv(X, W_q, W_k, W_v))
    return X + output, weights

# %% self is for methods; this is a function
def self_attention(self, X, W_q, W_k, W_v):
    return scaled_dot_product_attention(*project_qkv(X, W_q, W_k, W_v))

# %% the formula of the text is no Python: √ is np.sqrt(…)
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / √d_k)
    return weights @ V, weights

# %% d_k has no value yet: d_k = K.shape[1]
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(d_k))
    return weights @ V, weights

# %% math is not imported: np.sqrt
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / math.sqrt(K.shape[-1]))
    return weights @ V, weights

# %% only the output comes back: return output, weights
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(K.shape[1]))
    return weights @ V

# %% the division comes after softmax
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T) / np.sqrt(K.shape[1])
    return weights @ V, weights

# %% weights * V: the matrix product is @
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(K.shape[1]))
    return weights * V, weights

# %% masked_fill is torch's, and nothing is masked here
def scaled_dot_product_attention(Q, K, V):
    scores = Q @ K.T / np.sqrt(K.shape[1])
    scores = scores.masked_fill(scores == 0, -1e9)
    weights = softmax(scores)
    return weights @ V, weights

# %% d_k is no row count: K.shape[1]
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(len(K)))
    return weights @ V, weights

# %% the scores come back in the place of the weights
def scaled_dot_product_attention(Q, K, V):
    scores = Q @ K.T / np.sqrt(K.shape[1])
    return softmax(scores) @ V, scores

# %% mixes the keys instead of the values
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(Q @ K.T / np.sqrt(K.shape[1]))
    return weights @ K, weights

# %% calls itself, with three arguments where four are due
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    return self_attention(Q, K, V)

# %% four arguments for a function of three: project first
def self_attention(X, W_q, W_k, W_v):
    return scaled_dot_product_attention(X, W_q, W_k, W_v)

# %% hands over the matrices instead of what they make
def self_attention(X, W_q, W_k, W_v):
    return scaled_dot_product_attention(W_q, W_k, W_v)

# %% the function is not called
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv
    return scaled_dot_product_attention(Q, K, V)

# %% X is left out of the call
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, V)

# %% uses X three times: the projections are left out
def self_attention(X, W_q, W_k, W_v):
    return scaled_dot_product_attention(X, X, X)

# %% the module is called, not the function in it
import qkv
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, V)

# %% the name that is imported is not in qkv
from qkv import project
def self_attention(X, W_q, W_k, W_v):
    return scaled_dot_product_attention(*project(X, W_q, W_k, W_v))

# %% the pair is taken for an array
def self_attention(X, W_q, W_k, W_v):
    result = scaled_dot_product_attention(*project_qkv(X, W_q, W_k, W_v))
    return result.output, result.weights

# %% Q is transposed: rows are tokens
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = (part.T for part in project_qkv(X, W_q, W_k, W_v))
    return scaled_dot_product_attention(Q, K, V)

# %% the scores come back in the place of the weights
def scaled_dot_product_attention(Q, K, V):
    s = Q @ K.T / np.sqrt(Q.shape[1])
    return softmax(s) @ V, s

# %% dropout: it is random
def scaled_dot_product_attention(Q, K, V):
    w = softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    w = w * (np.random.rand(*w.shape) > 0.1)
    return w @ V, w

# %% the values are not projected
def self_attention(X, W_q, W_k, W_v):
    return scaled_dot_product_attention(X @ W_q, X @ W_k, X)

# %% a function name is misspelt
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkvs(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, V)

# %% a residual connection that nobody asked for
def self_attention(X, W_q, W_k, W_v):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    o, w = scaled_dot_product_attention(Q, K, V)
    return o + V, w

# %% a normalisation that nobody asked for
def self_attention(X, W_q, W_k, W_v):
    X = (X - X.mean(1, keepdims=True)) / X.std(1, keepdims=True)
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, V)

# %% the root stands in the place of the axis
def scaled_dot_product_attention(Q, K, V):
    weights = softmax(qk_scores(Q, K), np.sqrt(K.shape[1]))
    return weights @ V, weights
