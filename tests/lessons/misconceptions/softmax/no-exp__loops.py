def softmax(scores, axis=-1):
    return np.apply_along_axis(lambda row: row / row.sum(), axis, np.asarray(scores, float))
