"""Checks of lesson 1 that need no right answer to compare with: laws of likeness.

`student` calls your functions; `rng` makes random numbers, the same ones every time.
"""

import numpy as np
import pytest

from grader.testing import agree, as_array, as_float_array, assert_close, differ


def refuses(function, *args):
    """Whether calling the function raises ValueError."""
    try:
        function(*args)
    except ValueError:
        return True
    return False


@pytest.mark.points(0.5)
def test_a_vector_dotted_with_itself_gives_its_length_squared(student):
    """The vector (3, 4) has dot product 25 with itself, and 0 with a vector at a right angle."""
    v = np.array([3.0, 4.0])
    with_itself = as_array(student.dot_product(v, v))
    assert_close(
        with_itself,
        25.0,
        why="3·3 + 4·4 = 25: the products are added up, and nothing is divided out",
    )
    at_right_angle = as_array(student.dot_product(v, np.array([-4.0, 3.0])))
    assert_close(
        at_right_angle,
        0.0,
        why="3·(-4) + 4·3 = 0: at a right angle the products cancel, signs included",
    )


@pytest.mark.points(1.5)
def test_vectors_of_different_lengths_are_refused(student, rng):
    """Vectors of different lengths raise a ValueError."""
    why = "two vectors pair up only when they have equally many numbers; one against four do not"
    for lengths in [(5, 3), (1, 4), (4, 1)]:
        u, v = (rng.normal(size=d) for d in lengths)
        assert refuses(student.dot_product, u, v), why


@pytest.mark.points(0.5)
def test_cosine_similarity_is_a_single_number(student, rng):
    """The cosine similarity of two vectors is a single number between -1 and 1."""
    cosine = as_array(student.cosine_similarity(rng.normal(size=6), rng.normal(size=6)))
    assert abs(cosine) <= 1 + 1e-8, "a cosine never leaves the range from -1 to 1"


@pytest.mark.points(0.5)
def test_cosine_similarity_compares_directions_not_lengths(student):
    """Same direction gives 1 and the opposite direction -1, however long the vectors are."""
    v = np.array([3.0, 4.0])
    for factor, cosine in [(10, 1.0), (-0.5, -1.0)]:
        assert_close(
            as_array(student.cosine_similarity(v, factor * v)),
            cosine,
            why=f"the cosine of v and {factor}·v depends on their directions alone",
        )


@pytest.mark.points(0.5)
def test_similarity_scores_give_one_score_for_each_key(student):
    """One query against n keys gives an array of n scores, in the order of the keys."""
    query = np.array([7.0, -2.0, 5.0, 4.0, 9.0])
    keys = np.array([[0, 0, 0, 0, 1], [0, 2, 0, 0, 0], [0, 0, 0, 0, 0]])  # (n, d) = (3, 5)
    scores = as_float_array(student.similarity_scores(query, keys), n=3)
    assert_close(
        scores,
        [9.0, -4.0, 0.0],
        why="a key with a single number in it picks just that place of the query",
    )


@pytest.mark.points(1.5)
def test_whole_numbers_are_scored_like_others_and_left_alone(student):
    """Whole numbers give the same scores whether they come as integers or as floats."""
    query, keys = np.array([2, -1, 3]), np.array([[3, 1, -2], [2, 0, 5], [-4, 1, 2]])
    scores = []
    for asked, others in [(query, keys / 4), (query[::-1] / 3, keys), (query, keys[[1, 0, 2]])]:
        scores.append(student.similarity_scores(asked.astype(float), others.astype(float)))
        call = student.call("similarity_scores", asked, others)
        assert agree(call.value, scores[-1]), "2 and 2.0 are the same number, and score the same"
        assert not call.changed, "the caller still needs the vectors: make new ones"
    assert differ(*scores), "the same scores, whatever the query and the keys?"
