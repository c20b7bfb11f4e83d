"""one row of scores for each key

1. Five queries and seven keys: how many rows should the scores have?
2. Rows look. Which of Q and K stands on the left of your product?
3. The queries stay as they are; it is the keys that are turned round.
"""


def qk_scores(Q, K):
    return K @ Q.T
