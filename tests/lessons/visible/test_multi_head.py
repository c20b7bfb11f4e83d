"""Checks of lesson 8 that need no right answer to compare with: laws of heads.

`student` calls your functions; `rng` makes random numbers, the same ones every time.
"""

import numpy as np
import pytest

from grader.testing import as_array, as_parts, assert_close


def weights_in(returned, h, n):
    """The weights of all heads, wherever they stand."""
    parts = returned if isinstance(returned, tuple | list) and len(returned) == 2 else [returned]
    fitting = [part for part in parts if np.shape(part) == (h, n, n)]
    return as_array(
        fitting[-1] if fitting else returned, "weights", h=h, n_looking=n, n_looked_at=n
    )


def output_in(returned, n, d):
    """The output, wherever it stands."""
    parts = returned if isinstance(returned, tuple | list) and len(returned) == 2 else [returned]
    fitting = [part for part in parts if np.shape(part) == (n, d)]
    return as_array(fitting[0] if fitting else returned, "output", n=n, d=d)


@pytest.mark.points(0.5)
def test_each_head_gets_a_piece_of_each_token(student, rng):
    """Splitting gives each of the h heads d/h numbers for each of the n tokens."""
    as_array(student.split_heads(rng.normal(size=(5, 6)), 3), h=3, n=5, width=2)


def test_splitting_loses_no_number(student, rng):
    """Splitting changes the places of the numbers, and no number."""
    X = rng.normal(size=(5, 6))
    pieces = as_array(student.split_heads(X, 3), h=3, n=5, width=2)
    assert_close(np.sort(pieces, axis=None), np.sort(X, axis=None), why="nothing is computed here")


@pytest.mark.points(0.5)
def test_a_tokens_pieces_stay_its_own(student):
    """What a token has before splitting, it has in all heads together."""
    X = np.repeat(np.arange(5.0)[:, np.newaxis], 6, axis=1)  # token i is made of i alone
    pieces = as_array(student.split_heads(X, 3), h=3, n=5, width=2)
    assert_close(
        pieces[1],
        np.repeat(np.arange(5.0)[:, np.newaxis], 2, axis=1),
        of="what head 1 has of the tokens 0 0 0 …, 1 1 1 …, 2 2 2 …",
        why="a row of each head is a token, as a row of X is",
    )


@pytest.mark.points(0.5)
def test_merging_gives_each_token_one_row(student, rng):
    """Merging gives each token one row, with the numbers of all its heads."""
    as_array(student.merge_heads(rng.normal(size=(3, 5, 2))), n=5, d=6)


@pytest.mark.points(0.75)
def test_merging_loses_no_number(student, rng):
    """Merging changes the places of the numbers, and no number."""
    H = rng.normal(size=(3, 5, 2))
    merged = as_array(student.merge_heads(H), n=5, d=6)
    assert_close(np.sort(merged, axis=None), np.sort(H, axis=None), why="nothing is computed here")


@pytest.mark.points(0.25)
def test_a_merged_row_is_one_token(student):
    """A row after merging holds the numbers of one token alone."""
    H = np.tile(np.arange(5.0)[:, np.newaxis], (3, 1, 2))  # in each head, token i is made of i
    merged = as_array(student.merge_heads(H), n=5, d=6)
    assert_close(
        merged,
        np.repeat(np.arange(5.0)[:, np.newaxis], 6, axis=1),
        why="row i of each head belongs to token i, before and after",
    )


@pytest.mark.points(0.5)
def test_attention_returns_output_and_weights_of_each_head(student, rng):
    """Multi-head attention returns a row of output for each token, and the weights of each head."""
    matrices = rng.normal(size=(4, 6, 6))
    returned = student.multi_head_attention(rng.normal(size=(5, 6)), *matrices, 3)
    output, weights = as_parts(returned, "output", "weights")
    as_array(output, "output", n=5, d=6)
    as_array(weights, "weights", h=3, n_looking=5, n_looked_at=5)


@pytest.mark.points(0.5)
def test_each_head_shares_out_all_of_its_attention(student, rng):
    """In each head, each row of the weights sums to 1."""
    matrices = rng.normal(size=(4, 6, 6))
    returned = student.multi_head_attention(rng.normal(size=(5, 6)), *matrices, 3)
    assert_close(
        weights_in(returned, 3, 5).sum(axis=2),
        1.0,
        of="row sums, a row for each head",
        why="each head has a softmax of its own",
    )


@pytest.mark.points(0.5)
def test_more_heads_of_zeros_leave_the_others_as_they_are(student, rng):
    """As many heads more, of zeros alone, leave the weights of the first heads as they are."""
    X, more = rng.normal(size=(5, 6)), np.zeros((5, 6))
    W_q, W_k, W_v, W_o = rng.normal(size=(4, 6, 6))
    wide = [np.block([[W, np.zeros((6, 6))], [np.zeros((6, 12))]]) for W in (W_q, W_k, W_v, W_o)]
    before = weights_in(student.multi_head_attention(X, W_q, W_k, W_v, W_o, 3), 3, 5)
    after = weights_in(student.multi_head_attention(np.hstack([X, more]), *wide, 6), 6, 5)
    assert_close(
        after[:3],
        before,
        of="weights of the first three heads",
        why="a head has d/h numbers, however many heads there are beside it",
    )


@pytest.mark.points(0.5)
def test_twice_the_last_matrix_gives_twice_the_output(student, rng):
    """With twice W_o, the output is twice as large."""
    X = rng.normal(size=(5, 6))
    W_q, W_k, W_v, W_o = rng.normal(size=(4, 6, 6))
    once = output_in(student.multi_head_attention(X, W_q, W_k, W_v, W_o, 3), 5, 6)
    twice = output_in(student.multi_head_attention(X, W_q, W_k, W_v, 2 * W_o, 3), 5, 6)
    assert np.any(once), "something comes out"
    assert_close(twice, 2 * once, why="W_o mixes what the heads have found, as the last step")
