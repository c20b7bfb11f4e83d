"""a softmax that ran down the columns

1. Rows look, columns are looked at. Which of them should sum to 1?
2. Look at the axis of your softmax, at a sum without `keepdims`, and for a transpose.
3. One token's attention is one row: softmax goes along the last axis.
"""


def attention_matrix(X):
    return softmax(attention_scores(X), axis=0)
