def softmax(scores, axis=-1):
    raise NotImplementedError
