def softmax(scores, axis=-1):
    largest = np.amax(scores)

    def share_out(row):
        e = np.exp(row - largest)
        return e / e.sum()

    return np.apply_along_axis(share_out, axis, np.asarray(scores, dtype=float))
