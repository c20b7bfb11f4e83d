"""Hidden checks of lesson 6: the quiz, a check for each question.

What is shown for a wrong letter says where to read again, and rules no other letter out.
"""

import pytest


def letter(answer):
    """The letter that is meant by `b`, `B.` or `(B)`."""
    return answer.strip(" \t\n.:()").upper()


@pytest.mark.points(0.5)
def test_what_self_attention_solves(student, reference):
    """The quiz: what problem self-attention solves."""
    answer = letter(student.answer("ANSWERS", "what-it-solves"))
    assert answer == reference.ANSWERS["what-it-solves"], (
        "reread “What came before” in lesson 6: what can two words do in self-attention that is "
        "hard for them in a recurrent network?"
    )


@pytest.mark.points(0.5)
def test_what_a_query_stands_for(student, reference):
    """The quiz: what a query stands for."""
    answer = letter(student.answer("ANSWERS", "query"))
    assert answer == reference.ANSWERS["query"], (
        "reread the table in lesson 4: each of the three roles answers one question"
    )


@pytest.mark.points(0.5)
def test_what_works_on_all_tokens_at_once(student, reference):
    """The quiz: which mechanism lets all tokens be processed in parallel."""
    answer = letter(student.answer("ANSWERS", "all-at-once"))
    assert answer == reference.ANSWERS["all-at-once"], (
        "reread “What came before” in lesson 6: in which kind of network does step 10 wait for "
        "step 9, and in which does no step wait?"
    )


@pytest.mark.points(0.5)
def test_what_makes_the_weights_sum_to_one(student, reference):
    """The quiz: what makes the weights sum to 1."""
    answer = letter(student.answer("ANSWERS", "sums-to-one"))
    assert answer == reference.ANSWERS["sums-to-one"], (
        "reread the beginning of lesson 2: which step turns scores of any size into shares?"
    )


@pytest.mark.points(0.5)
def test_why_it_is_called_self_attention(student, reference):
    """The quiz: why it is called self-attention."""
    answer = letter(student.answer("ANSWERS", "why-self"))
    assert answer == reference.ANSWERS["why-self"], (
        "reread “Why self?” in lesson 5: where do Q, K and V come from, and where else could they?"
    )


@pytest.mark.points(0.5)
def test_what_a_row_of_the_attention_matrix_tells(student, reference):
    """The quiz: what a row of the attention matrix tells."""
    answer = letter(student.answer("ANSWERS", "matrix-row"))
    assert answer == reference.ANSWERS["matrix-row"], (
        "reread “Normalise” in lesson 3: do rows look, or are they looked at?"
    )


@pytest.mark.points(0.5)
def test_what_a_recurrent_network_does_with_an_old_word(student, reference):
    """The quiz: what a recurrent network does with a word seen long ago."""
    answer = letter(student.answer("ANSWERS", "rnn-memory"))
    assert answer == reference.ANSWERS["rnn-memory"], (
        "reread “What came before” in lesson 6, and look at the bars: what happens to a word at "
        "each step?"
    )


@pytest.mark.points(1)
def test_whether_the_six_weights_can_be_a_softmax_row(student, reference):
    """The quiz: whether the six weights of *It* can be a softmax row."""
    answer = letter(student.answer("ANSWERS", "six-weights"))
    assert answer == reference.ANSWERS["six-weights"], (
        "reread “A question with a catch” in lesson 2: which property has every row that softmax "
        "returns, and does this row have it?"
    )


@pytest.mark.points(1)
def test_why_the_scores_are_scaled(student, reference):
    """The quiz: why the scores are divided by √d_k."""
    answer = letter(student.answer("ANSWERS", "why-scaling"))
    assert answer == reference.ANSWERS["why-scaling"], (
        "reread “Why divide by √d_k?” in lesson 5, and its table: which column changes most as "
        "d_k grows?"
    )
