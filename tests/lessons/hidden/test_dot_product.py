"""Checks of lesson 1 that compare with the reference, and the corners of its contract."""

import numpy as np

from grader.testing import balanced, differ, is_close


def test_the_dot_product_sums_the_products(student, reference, rng):
    """The dot product is right for vectors of any length, and changes neither of them."""
    why = "every pair of numbers counts, with its sign and with all its decimals"
    for u, v in [
        (rng.normal(size=7), rng.normal(size=7)),
        (rng.integers(-9, 10, size=5), rng.integers(-9, 10, size=5)),
        (rng.integers(-9, 10, size=5), rng.normal(size=5)),
        (rng.normal(size=5), rng.integers(-9, 10, size=5)),
        (balanced(rng, 6), balanced(rng, 6)),  # neither a 0 nor a sum of 0 is nothing
    ]:
        record = student.call("dot_product", u, v)
        assert is_close(record.value, reference.dot_product(u, v)), why
        assert not record.changed, (
            "the caller still needs the vectors: multiplying in place (`u *= v`) spoils them"
        )


def test_cosine_similarity_divides_out_both_lengths(student, reference, rng):
    """The cosine similarity is right for any two vectors, of floats and of integers."""
    why = "the dot product of the two directions: both lengths divided out, sign and decimals kept"
    for u, v in [
        (balanced(rng, 7), balanced(rng, 7)),  # a sum of 0 is not nothing
        (np.array([1, 2, -3, 4, 0]), np.array([-2, 1, 1, -5, 3])),  # more than a right angle
        (np.array([0, 3, -3]), np.array([2.5, -2.0, -0.5])),
        (rng.normal(size=7) / 100, rng.normal(size=7) / 200),  # short, but a direction
    ]:
        assert is_close(student.cosine_similarity(u, v), reference.cosine_similarity(u, v)), why


def test_a_vector_of_zeros_has_cosine_zero(student, rng):
    """The cosine similarity with a vector of zeros is 0, on either side."""
    why = "a vector of zeros has no direction; dividing by its length would give nan"
    v, zeros = rng.normal(size=6), np.zeros(6)
    assert is_close(student.cosine_similarity(v, zeros), 0.0), why
    assert is_close(student.cosine_similarity(zeros, v), 0.0), why
    assert is_close(student.cosine_similarity(zeros, zeros), 0.0), why


def test_similarity_scores_are_dot_products(student, reference, rng):
    """Each score is the plain dot product of the query and that key, also for a single key."""
    why = "a score is a raw dot product with one row of keys: neither scaled nor divided by lengths"
    plain, corner = rng.normal(size=6), balanced(rng, 6)
    for query, keys in [
        (plain, rng.normal(size=(9, 6))),
        (plain, rng.normal(size=(1, 6))),
        (corner, balanced(rng, 6, 6)),
    ]:
        scores = student.similarity_scores(query, keys)
        assert is_close(scores, reference.similarity_scores(query, keys)), why


def test_cosine_similarity_leaves_its_vectors_alone(student, rng):
    """Computing a cosine similarity changes neither vector."""
    calls = [student.call("cosine_similarity", *rng.normal(size=(2, 6))) for _ in range(2)]
    assert differ(*(call.value for call in calls)), "the same, whatever is compared?"
    assert not any(call.changed for call in calls), (
        "the caller still needs the vectors: dividing in place (`u /= …`) spoils them"
    )
