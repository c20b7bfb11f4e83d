def softmax(scores, axis=-1):
    def share_out(row):
        e = [np.e ** (score / max(row)) for score in row]
        return np.array(e) / sum(e)

    return np.apply_along_axis(share_out, axis, np.asarray(scores, dtype=float))
