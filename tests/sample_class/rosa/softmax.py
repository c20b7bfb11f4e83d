from dot_product import hand_in


def softmax(scores, axis=-1):
    return hand_in("softmax", scores, axis)
