from dot_product import hand_in


def attention_scores(X):
    return hand_in("attention_scores", X)


def attention_matrix(X):
    return hand_in("attention_matrix", X)


def blend(weights, X):
    return hand_in("blend", weights, X)


def most_attended(weights, i):
    return hand_in("most_attended", weights, i)
