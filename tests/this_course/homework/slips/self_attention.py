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
