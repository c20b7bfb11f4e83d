"""Hidden checks of lesson 6: the quiz, a check for each question.

What is shown for a wrong letter says where to read again, and rules no other letter out.
"""

import pytest


@pytest.fixture
def is_right(student, reference):
    """Call it with a question and where to read again: `b`, `B.` and `(B)` mean B."""

    def check(question, reread):
        letter = student.answer("ANSWERS", question).strip(" \t\n.:()").upper()
        assert letter == reference.ANSWERS[question], f"reread {reread}"

    return check


@pytest.mark.points(0.5)
def test_what_self_attention_solves(is_right):
    """The quiz: what problem self-attention solves."""
    is_right(
        "what-it-solves",
        "“What came before” in lesson 6: what can two words do in self-attention that is "
        "hard for them in a recurrent network?",
    )


@pytest.mark.points(0.5)
def test_what_a_query_stands_for(is_right):
    """The quiz: what a query stands for."""
    is_right(
        "query",
        "the table in lesson 4: each of the three roles answers one question",
    )


@pytest.mark.points(0.5)
def test_what_works_on_all_tokens_at_once(is_right):
    """The quiz: which mechanism lets all tokens be processed in parallel."""
    is_right(
        "all-at-once",
        "“What came before” in lesson 6: in which kind of network does step 10 wait for "
        "step 9, and in which does no step wait?",
    )


@pytest.mark.points(0.5)
def test_what_makes_the_weights_sum_to_one(is_right):
    """The quiz: what makes the weights sum to 1."""
    is_right(
        "sums-to-one",
        "the beginning of lesson 2: which step turns scores of any size into shares?",
    )


@pytest.mark.points(0.5)
def test_why_it_is_called_self_attention(is_right):
    """The quiz: why it is called self-attention."""
    is_right(
        "why-self",
        "“Why self?” in lesson 5: where do Q, K and V come from, and where else could they?",
    )


@pytest.mark.points(0.5)
def test_what_a_row_of_the_attention_matrix_tells(is_right):
    """The quiz: what a row of the attention matrix tells."""
    is_right(
        "matrix-row",
        "“Normalise” in lesson 3: do rows look, or are they looked at?",
    )


@pytest.mark.points(0.5)
def test_what_a_recurrent_network_does_with_an_old_word(is_right):
    """The quiz: what a recurrent network does with a word seen long ago."""
    is_right(
        "rnn-memory",
        "“What came before” in lesson 6, and look at the bars: what happens to a word at "
        "each step?",
    )


@pytest.mark.points(1)
def test_whether_the_six_weights_can_be_a_softmax_row(is_right):
    """The quiz: whether the six weights of *It* can be a softmax row."""
    is_right(
        "six-weights",
        "“A question with a catch” in lesson 2: which property has every row that softmax "
        "returns, and does this row have it?",
    )


@pytest.mark.points(1)
def test_why_the_scores_are_scaled(is_right):
    """The quiz: why the scores are divided by √d_k."""
    is_right(
        "why-scaling",
        "“Why divide by √d_k?” in lesson 5, and its table: which column changes most as d_k grows?",
    )
