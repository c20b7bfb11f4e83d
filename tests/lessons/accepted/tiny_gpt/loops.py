import math


def layer_norm(X, gain, bias):
    rows = []
    for token in np.asarray(X).tolist():
        mean = sum(token) / len(token)
        variance = sum((number - mean) ** 2 for number in token) / len(token)
        root = math.sqrt(variance + 1e-5)
        rows.append([(number - mean) / root * g + b for number, g, b in zip(token, gain, bias)])
    return np.array(rows)
