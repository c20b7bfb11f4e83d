"""Lesson 1 in steps, and what people put in the place of each."""

import numpy as np

from grader.testing import instead_of


def dot_product(u, v):
    if len(u) != len(v):
        return refused(u, v)
    u, v = np.asarray(u, dtype=float), np.asarray(v, dtype=float)
    return number(likeness(u, v))


def refused(u, v):
    raise ValueError("the vectors have different lengths")


def likeness(u, v):
    return summed(products(u, v))


def products(u, v):
    return u * v


def summed(products):
    return products.sum()


def number(total):
    return total


def cosine_similarity(u, v):
    u, v = centred(np.asarray(u, dtype=float)), centred(np.asarray(v, dtype=float))
    if points_nowhere(u, v):
        return likeness_of_nothing(u, v)
    return cosine(quotient(u @ v, length(u), length(v)))


def centred(vector):
    return vector


def points_nowhere(u, v):
    return not u.any() or not v.any()


def likeness_of_nothing(u, v):
    return 0.0


def length(vector):
    return np.sqrt(vector @ vector)


def quotient(dot, first, second):
    return dot / (first * second)


def cosine(found):
    return found


def similarity_scores(query, keys):
    found = scored(np.asarray(query, dtype=float), np.asarray(keys, dtype=float))
    return finished(placed(ordered(scores(found, query)), query), query)


def scored(query, keys):
    return keys @ query


def scores(found, query):
    return found


def ordered(found):
    return found


def placed(found, query):
    return found


def finished(found, query):
    return found


# ---- dot_product: vectors of different lengths


@instead_of(refused)
def unchecked_lengths(u, v):
    """an answer for vectors that cannot be compared

    1. What does your function do with three numbers on one side and four on the other?
    2. `zip` stops at the shorter one, and numpy repeats a single number. Who notices?
    3. Compare `len(u)` with `len(v)` first, and raise a ValueError where they differ.
    """
    return float(sum(x * y for x, y in zip(u, v, strict=False)))


@instead_of(refused)
def unchecked_lengths__repeated(u, v):
    return float((np.asarray(u) * np.asarray(v)).sum())


@instead_of(refused)
def unchecked_lengths__none(u, v):
    return None


@instead_of(refused)
def unchecked_lengths__zero(u, v):
    return 0.0


# ---- dot_product: the sum of products


@instead_of(likeness)
def outer_product(u, v):
    """a table of every number times every other

    1. How many products do two vectors of three numbers have in 1·4 + 2·5 + 3·6?
    2. Look at the name of numpy's function, or at two loops inside each other.
    3. Multiply numbers that stand at the same place alone, and add the products up.
    """
    return np.outer(u, v)


@instead_of(likeness)
def outer_product__summed(u, v):
    return np.outer(u, v).sum(axis=0)


@instead_of(likeness)
def product_of_sums(u, v):
    """the product of two sums

    1. What is 1·4 + 2·5, and what is (1 + 2)·(4 + 5)?
    2. What do you do first: multiply or add up?
    3. First multiply number by number, then add the products up, once.
    """
    return u.sum() * v.sum()


@instead_of(likeness)
def distance(u, v):
    return np.sqrt(((u - v) ** 2).sum())


@instead_of(likeness)
def distance__squared(u, v):
    return ((u - v) ** 2).sum()


@instead_of(likeness)
def distance__absolute(u, v):
    return np.abs(u - v).sum()


@instead_of(likeness)
def cosine_instead_of_dot(u, v):
    return u @ v / np.sqrt((u @ u) * (v @ v)) if u.any() and v.any() else 0.0


@instead_of(products)
def adds_entries(u, v):
    """sums of numbers in the place of their products

    1. What is 1·4 + 2·5 + 3·6, and what does your function make of it?
    2. What stands between the number of one vector and that of the other?
    3. Multiply number by number, and add only the products up.
    """
    return u + v


@instead_of(products)
def turned_round(u, v):
    """products of numbers from different places

    1. Which number of v does the first number of u meet?
    2. Look for `[::-1]`, `reversed` or an index that falls.
    3. Numbers at the same place belong together.
    """
    return u * v[::-1]


@instead_of(products)
def unsigned_similarity(u, v):
    return np.abs(u * v)


@instead_of(products)
def rounded__whole_products(u, v):
    return np.trunc(u * v)


@instead_of(products)
def integer_buffer(u, v):
    return u.astype(int) * v.astype(int)


@instead_of(summed)
def every_second(products):
    """a number that knows every second place alone

    1. How many products does your answer hold?
    2. Look for a step of 2 in a `range` or a slice.
    3. Every place counts.
    """
    return products[::2].sum()


@instead_of(summed)
def elementwise_product(products):
    return products


@instead_of(summed)
def returns_too_early(products):
    """an answer after the first step of the loop

    1. How many products does your answer hold?
    2. How far is the line with `return` indented? When does Python reach it first?
    3. `return` ends the function. Let it stand below the loop, not in it.
    """
    return products[0]


@instead_of(summed)
def leaves_out_last(products):
    return products[:-1].sum()


@instead_of(summed)
def leaves_out_first(products):
    return products[1:].sum()


@instead_of(summed)
def keeps_last_term(products):
    """the last part of the sum alone

    1. What does your variable hold after the first step of the loop, and what after the second?
    2. `=` forgets what was there before. What adds to it?
    3. Begin with 0.0 before the loop, and use `+=` in it.
    """
    return products[-1]


@instead_of(summed)
def mean_instead_of_sum(products):
    return products.mean()


@instead_of(summed)
def largest_alone(products):
    """the largest part in the place of the sum

    1. How many of the products does your answer hold?
    2. Look for `max`.
    3. Use `sum`.
    """
    return products.max()


@instead_of(summed)
def multiplies_up(products):
    """a product of all products

    1. What is 1·4 + 2·5 + 3·6, and what does your function make of it?
    2. Look for `prod` or `*=`.
    3. The products are added up.
    """
    return products.prod()


@instead_of(number)
def rounded(total):
    return round(float(total), 2)


@instead_of(number)
def rounded__whole(total):
    return float(round(float(total)))


@instead_of(number)
def rounded__down(total):
    return float(int(total))


@instead_of(number)
def rounded__one_digit(total):
    return round(float(total), 1)


@instead_of(number)
def rounded__three_digits(total):
    return round(float(total), 3)


@instead_of(number)
def unsigned_similarity__total(total):
    return abs(total)


@instead_of(number)
def negative_cut_off(total):
    return max(total, 0.0)


@instead_of(number)
def negated(total):
    return -total


@instead_of(number)
def root_at_the_end(total):
    """a dot product that grows too slowly

    1. Compare your number with the right one. What do you get when you square yours?
    2. Look for `sqrt` or `** 0.5`.
    3. The root belongs to the length of a vector, not to the dot product.
    """
    return np.sqrt(total)


# ---- cosine_similarity


@instead_of(points_nowhere)
def no_zero_guard(u, v):
    """no number for a vector of zeros

    1. How long is a vector of zeros? What do you divide by then?
    2. Which line comes before the division and asks for the lengths?
    3. If either length is 0, return 0.0 before you divide.
    """
    return False


@instead_of(points_nowhere)
def zero_guard_by_sum(u, v):
    """zero for vectors whose numbers cancel each other

    1. How long is the vector (1, -1)? What does your function say of it?
    2. Which question does your guard ask: how long the vector is, or what its numbers add up to?
    3. Ask for the length: only a vector of zeros has the length 0.
    """
    return u.sum() == 0 or v.sum() == 0


@instead_of(points_nowhere)
def zero_guard_by_first_entry(u, v):
    """zero for vectors that begin with a zero

    1. How long is the vector (0, 3)? What does your function say of it?
    2. At how many of its numbers does your guard look?
    3. Ask for the length: only a vector of zeros has the length 0.
    """
    return u[0] == 0 or v[0] == 0


@instead_of(points_nowhere)
def zero_guard_by_any_entry(u, v):
    """zero for vectors with a zero somewhere in them

    1. How long is the vector (3, 0)? What does your function say of it?
    2. `all()` asks whether every number is something else than 0. Which question is yours?
    3. Ask for the length: only a vector of zeros has the length 0.
    """
    return not u.all() or not v.all()


@instead_of(points_nowhere)
def zero_guard_by_any_entry__product(u, v):
    return u.prod() * v.prod() == 0


@instead_of(points_nowhere)
def zero_guard_needs_both(u, v):
    """no number where one vector is all zeros

    1. One vector is all zeros, the other is not. What do you divide by?
    2. `and` or `or`: when does your guard say stop?
    3. One length of 0 is enough to make the product 0: use `or`.
    """
    return not u.any() and not v.any()


@instead_of(points_nowhere)
def zero_guard_needs_both__first(u, v):
    return not u.any()


@instead_of(points_nowhere)
def zero_guard_needs_both__second(u, v):
    return not v.any()


@instead_of(points_nowhere)
def zero_guard_too_wide(u, v):
    """zero for vectors that are only short

    1. The vectors (0.1, 0) and (0.1, 0): into how many directions do they point?
    2. Below which length does your function take a vector for nothing?
    3. Only the length 0 is no length: compare with 0.
    """
    return np.sqrt((u @ u) * (v @ v)) < 1


@instead_of(points_nowhere)
def zero_guard_too_wide__each(u, v):
    return np.sqrt(u @ u) < 1 or np.sqrt(v @ v) < 1


@instead_of(points_nowhere)
def zero_guard_too_wide__hundredth(u, v):
    return np.sqrt((u @ u) * (v @ v)) < 0.01


@instead_of(quotient)
def divisor_kept_large(dot, first, second):
    """too little likeness for vectors that are short

    1. What is the cosine of (0.1, 0) with itself, and what does your function say?
    2. Look for `max(` or a number that is added to the lengths.
    3. Divide by the product of the two lengths as it is, once it is not 0.
    """
    return dot / max(first * second, 1.0)


@instead_of(likeness_of_nothing)
def zeros_are_alike(u, v):
    """two vectors of zeros that count as the same

    1. In which direction does a vector of zeros point?
    2. What does the description say of a vector without a length?
    3. Return 0.0 where either length is 0, also where both are.
    """
    return 1.0 if not u.any() and not v.any() else 0.0


@instead_of(likeness_of_nothing)
def zeros_are_alike__always(u, v):
    return 1.0


@instead_of(likeness_of_nothing)
def wrong_zero_value(u, v):
    """something else than 0 for a vector of zeros

    1. What does the description say of a vector without a length?
    2. What does your guard return?
    3. Return 0.0.
    """
    return None


@instead_of(centred)
def correlation(vector):
    """a correlation, which a number added to all entries does not change

    1. The vectors (1, 2) and (101, 102) point in different directions. Does your function see it?
    2. Look for `mean`, or for `corrcoef`.
    3. Leave the vectors where they are: dot product divided by both lengths.
    """
    return vector - vector.mean()


@instead_of(length)
def squared_norms(vector):
    return vector @ vector


@instead_of(length)
def wrong_norm(vector):
    """another length than the ordinary one

    1. How long is the vector (3, 4)? What do you divide by for it?
    2. Which sum stands in the place of the length?
    3. The length is the root of the sum of squares: `np.linalg.norm(v)`.
    """
    return np.abs(vector).sum()


@instead_of(length)
def wrong_norm__sum(vector):
    return vector.sum()


@instead_of(length)
def wrong_norm__largest(vector):
    return np.abs(vector).max()


@instead_of(length)
def wrong_norm__count(vector):
    return float(len(vector))


@instead_of(length)
def wrong_norm__mean(vector):
    return np.sqrt((vector**2).mean())


@instead_of(quotient)
def one_norm_only(dot, first, second):
    return dot / first


@instead_of(quotient)
def one_norm_only__second(dot, first, second):
    return dot / second


@instead_of(quotient)
def one_norm_only__twice(dot, first, second):
    return dot / first**2


@instead_of(quotient)
def sum_of_norms(dot, first, second):
    return dot / (first + second)


@instead_of(quotient)
def sum_of_norms__rooted(dot, first, second):
    return dot / np.sqrt(first**2 + second**2)


@instead_of(quotient)
def squared_norms__root_forgotten(dot, first, second):
    return dot / (first * second) ** 2


@instead_of(quotient)
def norm_multiplies(dot, first, second):
    """a cosine that grows too fast with one of the two vectors

    1. Make one of the vectors ten times as long. What happens to your number?
    2. In which order does Python work through `a / b * c`?
    3. Put the two lengths in brackets: `… / (length_u * length_v)`.
    """
    return dot / first * second


@instead_of(quotient)
def norm_multiplies__second(dot, first, second):
    return dot / second * first


@instead_of(quotient)
def norm_multiplies__both(dot, first, second):
    return dot * first * second


@instead_of(quotient)
def root_of_the_lengths(dot, first, second):
    """a cosine that grows more slowly than the vectors

    1. How long is the vector (3, 4)? What do you divide by when both vectors are that one?
    2. Count the roots: how many do you take for each length?
    3. A length has one root in it already; multiply the two lengths.
    """
    return dot / np.sqrt(first * second)


@instead_of(quotient)
def dot_instead_of_cosine(dot, first, second):
    return dot


@instead_of(quotient)
def ignores_the_dot(dot, first, second):
    """a number that knows the lengths alone

    1. Turn one of the vectors round. Does your number change?
    2. What stands above the division?
    3. The dot product stands above it.
    """
    return 1 / (first * second)


@instead_of(cosine)
def distance__one_less(found):
    return 1 - found


@instead_of(cosine)
def angle(found):
    """an angle in the place of its cosine

    1. What should come out for two vectors that point the same way: 1 or 0?
    2. Look for `arccos` or `degrees`.
    3. Return the quotient itself.
    """
    return np.arccos(np.clip(found, -1, 1))


@instead_of(cosine)
def angle__degrees(found):
    return np.degrees(np.arccos(np.clip(found, -1, 1)))


@instead_of(cosine)
def angle__share(found):
    return 1 - np.arccos(np.clip(found, -1, 1)) / np.pi


@instead_of(cosine)
def unsigned_similarity__cosine(found):
    return abs(found)


@instead_of(cosine)
def unsigned_similarity__squared(found):
    return found**2


@instead_of(cosine)
def negative_cut_off__cosine(found):
    return max(found, 0.0)


@instead_of(cosine)
def negative_cut_off__to_one(found):
    return (1 + found) / 2


@instead_of(cosine)
def negated__cosine(found):
    return -found


@instead_of(cosine)
def rounded__cosine(found):
    return round(float(found), 2)


@instead_of(cosine)
def rounded__cosine_one_digit(found):
    return round(float(found), 1)


@instead_of(cosine)
def rounded__cosine_three_digits(found):
    return round(float(found), 3)


@instead_of(cosine)
def rounded__cosine_four_digits(found):
    return round(float(found), 4)


# ---- similarity_scores


@instead_of(scored)
def cosine_instead_of_dot__scores(query, keys):
    lengths = np.linalg.norm(keys, axis=1) * np.linalg.norm(query)
    return np.divide(keys @ query, lengths, out=np.zeros(len(keys)), where=lengths != 0)


@instead_of(scored)
def cosine_instead_of_dot__half(query, keys):
    return keys @ query / np.linalg.norm(query)


@instead_of(scored)
def tokens_as_columns(query, keys):
    """keys that stand in columns

    1. Each key is a row of the table. Does your product pair the query with rows or with columns?
    2. Write the shapes (d,) and (n, d) beside the product: which sizes meet in the middle?
    3. `keys` on the left: then d meets d, and n scores are left.
    """
    return query @ keys


@instead_of(scored)
def distance__scores(query, keys):
    return np.linalg.norm(keys - query, axis=1)


@instead_of(scored)
def distance__squared_scores(query, keys):
    return ((keys - query) ** 2).sum(axis=1)


@instead_of(scored)
def elementwise_product__scores(query, keys):
    return keys * query


@instead_of(scored)
def unsigned_similarity__scores(query, keys):
    return np.abs(keys @ query)


@instead_of(scored)
def mean_instead_of_sum__scores(query, keys):
    return (keys * query).mean(axis=1)


@instead_of(scored)
def keys_with_keys(query, keys):
    """the keys compared with each other

    1. Does your answer change when the query does?
    2. What stands on both sides of the product?
    3. Compare each key with the query.
    """
    return keys @ keys.T


@instead_of(placed)
def returns_too_early__scores(found, query):
    return found[:1]


@instead_of(placed)
def leaves_out_last__scores(found, query):
    return found[:-1]


@instead_of(placed)
def leaves_out_first__scores(found, query):
    return found[1:]


@instead_of(placed)
def keeps_last_term__scores(found, query):
    return found[-1]


@instead_of(placed)
def best_only(found, query):
    return found.max()


@instead_of(placed)
def best_only__list(found, query):
    return found.max(keepdims=True)


@instead_of(placed)
def best_only__place(found, query):
    return int(found.argmax())


@instead_of(placed)
def best_only__sum(found, query):
    return found.sum()


@instead_of(scored)
def keys_with_keys__first(query, keys):
    return keys @ keys[0]


@instead_of(scored)
def cosine_instead_of_dot__keys(query, keys):
    return keys @ query / np.linalg.norm(keys, axis=1)


@instead_of(scores)
def scaled_too_early(found, query):
    """scores that are all too small by one factor

    1. Divide your scores by the right ones. Is it always the same number?
    2. Look for a division, or for a `mean`. Does this lesson ask for it?
    3. Return plain dot products; scaling comes in a later lesson.
    """
    return found / np.sqrt(len(query))


@instead_of(scores)
def scaled_too_early__by_length(found, query):
    return found / len(query)


@instead_of(scores)
def scaled_too_early__by_count(found, query):
    return found / len(found)


@instead_of(scores)
def softmaxed_scores(found, query):
    powers = np.exp(found - found.max())
    return powers / powers.sum()


@instead_of(scores)
def softmaxed_scores__plain(found, query):
    return found / found.sum()


@instead_of(ordered)
def sorted(found):  # noqa: A001  (named after the mistake)
    """the right scores in another order

    1. Whose score stands first in your result?
    2. Look for `sort`, `sorted` or `[::-1]`.
    3. The score of the first key stands first.
    """
    return np.sort(found)


@instead_of(ordered)
def sorted__falling(found):
    return np.sort(found)[::-1]


@instead_of(ordered)
def sorted__reversed(found):
    return found[::-1]


@instead_of(placed)
def column_result(found, query):
    """the right scores in another shape

    1. What shape does your result have, and what shape is asked for?
    2. Look for `reshape`, `[:, None]` or `keepdims`.
    3. For n keys the result has the shape (n,).
    """
    return found[:, None]


@instead_of(placed)
def column_result__row(found, query):
    return found[None, :]


@instead_of(finished)
def integer_buffer__scores(found, query):
    return found.astype(np.asarray(query).dtype).astype(float)


@instead_of(finished)
def rounded__scores(found, query):
    return np.round(found, 2)


@instead_of(finished)
def rounded__scores_one_digit(found, query):
    return np.round(found, 1)


@instead_of(finished)
def rounded__scores_whole(found, query):
    return np.round(found)


@instead_of(finished)
def rounded__scores_three_digits(found, query):
    return np.round(found, 3)


@instead_of(finished)
def negated__scores(found, query):
    return -found
