import math

def softmax(scores, axis=-1):
    moved = np.moveaxis(np.array(scores, dtype=float), axis, -1)
    rows = moved.reshape(-1, moved.shape[-1])
    out = []
    for row in rows:
        top = max(row)
        e = [math.exp(s - top) for s in row]
        out.append([x / sum(e) for x in e])
    return np.moveaxis(np.array(out).reshape(moved.shape), -1, axis)
