def softmax(scores, axis=-1):
    return scores / np.max(scores, axis=axis, keepdims=True)
