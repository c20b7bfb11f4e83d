def softmax(scores, axis=-1):
    out = np.array(scores, dtype=np.float64)
    out -= np.amax(out, axis, keepdims=True)
    np.exp(out, out=out)
    out /= out.sum(axis, keepdims=True)
    return out
