"""What students read of mistakes that can be made in several lessons; see the files of variants.

A lesson that has more to say of one of them says it in its own file.
"""


def applied_twice():
    """weights that lie too close together

    1. What do you hand to the last softmax: scores, or shares?
    2. Count the softmaxes on the way from the scores to `return`.
    3. One softmax, over the scores.
    """


def best_only():
    """one number in the place of one for each key

    1. How many keys are there, and how many numbers come back for a query?
    2. Look for `max`, `sum` or `mean`.
    3. Every pair of a query and a key has a score of its own.
    """


def causal_mask():
    """words that cannot see the words after them

    1. What does the first row give to the second column? Does this lesson ask for that?
    2. Look for `tril`, `triu` or `-inf`.
    3. Leave the mask out: here everyone looks at everyone.
    """


def chained_projection():
    """one role made out of another

    1. What do the keys depend on: on the tokens, or on the queries as well?
    2. Look at what stands on the left of each product.
    3. X stands on the left of all three.
    """


def cosine_instead_of_dot():
    """cosines, which no length can change

    1. Make one vector ten times as long. Does its row change?
    2. Look for a division by lengths, or for `norm`.
    3. Scores are dot products; a length that is divided away cannot count any more.
    """


def distance():
    """distances, which are small where vectors are alike

    1. What comes out where a vector meets itself? Should that be the largest number, or 0?
    2. Look for a difference of two vectors.
    3. Multiply number by number and add up: a dot product for each pair.
    """


def fixed_scale():
    """a scale that stays the same however long the vectors are

    1. Make the vectors four times as long with zeros. Should the scores stay as they are?
    2. Look for a number that you wrote yourself under the root, or in its place.
    3. The length of a vector stands in the shape of what holds it.
    """


def global_normalisation():
    """one distribution spread over the whole table

    1. What do all numbers of your table add up to? And a single row?
    2. Look at the sum that you divide by: is there one for each row?
    3. Every row shares out its own attention: tell `softmax` along which axis.
    """


def hard_argmax():
    """everything for the highest score, and nothing for the others

    1. What does the second-best score get? What should it get?
    2. Where do you compare with the maximum, or ask for its place?
    3. Softmax is soft: leave out the comparison, and even a low score keeps a share.
    """


def ignores_itself():
    """words that do not look at themselves

    1. What stands on the diagonal of your table? What belongs there?
    2. Look for `i != j`, `continue`, `fill_diagonal` or `eye`.
    3. A word may look at itself as at any other.
    """


def ignores_keys():
    """queries compared with queries, or keys with keys

    1. Change the keys, then the queries. Does your result change both times?
    2. What stands on both sides of the product?
    3. On one side stand the queries, on the other the keys.
    """


def ignores_weights():
    """the same mixture for everybody

    1. Change the weights. Does the result change?
    2. Where do the weights come into your computation?
    3. Each row of the weights is a recipe for one row of the result.
    """


def integer_buffer():
    """numbers whose decimals were cut off

    1. What dtype is the array that you write into when the arguments hold whole numbers?
    2. Look for `int`; and `zeros_like`, `empty_like` and `dtype=X.dtype` take over a dtype.
    3. Compute with arrays of floats, and write into one.
    """


def integer_scale():
    """a scale that was cut to a whole number

    1. What is the square root of 6, and what do you divide by?
    2. Look for `int`, `//` or `round`.
    3. Take the root as it is, and an ordinary division, `/`.
    """


def leaves_out_first():
    """a result in which the first of all is missing

    1. Where does the first row, or the first number, come into your computation?
    2. Look at the `range` of the loop, or at the slice: at which place does it begin?
    3. The first place is 0.
    """


def leaves_out_last():
    """a result in which the last of all is missing

    1. Where does the last row, or the last number, come into your computation?
    2. Look at the `range` of the loop, or at the slice: which place is the last that it reaches?
    3. `range(n)` goes from 0 to n - 1, which is the last place already.
    """


def mean_instead_of_sum():
    """an average in the place of a sum

    1. Work out 1·4 + 2·5 by hand, then with your function. By what factor do they differ?
    2. Look for `mean`, `average` or a division by the number of parts.
    3. Add up, and divide by nothing.
    """


def negated():
    """numbers with the other sign

    1. Two equal vectors are as alike as can be. Is their number positive?
    2. Look for a minus sign.
    3. Return the numbers without it.
    """


def negative_cut_off():
    """a likeness that never falls below zero

    1. What should come out for vectors that point in opposite directions?
    2. Look for `max`, `clip` or a comparison with 0.
    3. Return what you found as it is; a negative number says “the opposite”.
    """


def normalised_relu():
    """negative scores that get nothing at all

    1. What does a score of -1 get beside a score of 1? What should it get?
    2. Look for `maximum`, `clip` or a comparison with 0. Does softmax know a bound like that?
    3. `np.exp` makes every score positive by itself, and leaves even low ones a share.
    """


def normalised_sigmoid():
    """scores that were squashed one by one before they were shared out

    1. The scores 10 and 20 are far apart. How far apart are the shares?
    2. 1 / (1 + exp(-x)) is nearly 1 for every large x. What does softmax do with x instead?
    3. Use `np.exp` of the scores, and let the division do the rest.
    """


def not_normalised():
    """positive weights that do not add up to 1

    1. What does a row of your weights add up to?
    2. After `np.exp`, what are the numbers divided by?
    3. Each row is divided by its own sum.
    """


def one_row_only():
    """a single row in the place of a table

    1. How many rows should come back, and how many do?
    2. Look for `[0]`, for what is added up over which axis, and for a `return` inside a loop.
    3. Every row that goes in gives a row of the result.
    """


def percentages():
    """percentages in the place of shares

    1. What does a row of your result add up to?
    2. Where does a factor of 100 come in?
    3. Leave the shares between 0 and 1.
    """


def rescaled_scores():
    """scores that were brought to one scale first

    1. The scores 0 and 1 get other shares than 0 and 100. Do yours differ?
    2. A shift cancels in the division; does a division of the scores by something cancel, too?
    3. Take off the largest score, and leave the distances between the scores as they are.
    """


def residual():
    """a mixture that holds too much of the word itself

    1. Give everything to one other word. Is what it has all that comes out?
    2. Look for a `+` behind the product.
    3. The mixture alone comes back; adding the input is for later.
    """


def rounded():
    """numbers with only a few digits

    1. If another function goes on computing with these numbers, how many digits does it need?
    2. Look for `round`, `int` or a text format on the way to `return`.
    3. Return the numbers as they are; round only where you print.
    """


def scaled_twice():
    """scores that were made smaller more than once

    1. Divide your scores by the right ones. What number comes out, and on which size does it
       depend?
    2. Count the divisions by a square root, also in the functions that you call.
    3. Divide once.
    """


def sigmoid():
    """every score squashed by itself, as a sigmoid does

    1. What does a row of your weights add up to?
    2. Does a weight in your table know the other scores of its row?
    3. Softmax divides by a sum over the whole row.
    """


def softmaxed_scores():
    """scores that are shares already

    1. What do your scores add up to? Do scores have to?
    2. Look for `softmax` or `exp`, or for a division by the sum.
    3. Return the scores themselves; another function makes shares of them.
    """


def square_only():
    """a table that is as long as it is wide, whatever the sizes are

    1. Take two queries, or recipes, and five keys. How many rows and columns should come out?
    2. Look at the ranges of the loops, or at the shape of the buffer: whose size is it?
    3. Rows and columns each have a number of their own.
    """


def swapped_q_v():
    """queries and values that changed places

    1. What is compared with the keys, and what is mixed?
    2. Follow `W_q` through your functions: where does what it makes come out?
    3. Queries first, then keys, then values, everywhere.
    """


def tokens_as_columns():
    """words that stand in columns

    1. How many words are there, and how many rows should come out?
    2. Write the shapes beside the product, and look for `.T`. Which size is gone in the result?
    3. A row of an array is one word, before and after.
    """


def unsigned_similarity():
    """scores that have lost their sign

    1. What should come out for two vectors that point in opposite directions?
    2. Look for `abs`, or for a square.
    3. Keep the sign.
    """
