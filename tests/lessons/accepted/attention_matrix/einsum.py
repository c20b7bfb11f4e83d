def attention_scores(X):
    return np.einsum("id,jd->ij", X, X) / np.sqrt(np.shape(X)[-1])

def attention_matrix(X):
    return softmax(attention_scores(X), axis=1)

def blend(weights, X):
    return np.einsum("ij,jd->id", weights, X)

def most_attended(weights, i):
    return weights.argmax(axis=1)[i]
