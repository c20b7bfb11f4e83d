"""Hidden checks of lesson 6: the quiz, a check for each question.

What is shown for a wrong letter says where to read again, and rules no other letter out.
"""

import pytest


def assert_letter(student, reference, question, reread):
    """Fail unless the right letter was given: `b`, `B.` and `(B)` mean B."""
    letter = student.answer("ANSWERS", question).strip(" \t\n.:()").upper()
    assert letter == reference.ANSWERS[question], f"reread {reread}"


@pytest.mark.points(0.5)
def test_what_self_attention_solves(student, reference):
    """The quiz: what problem self-attention solves."""
    reread = (
        "“What came after” in lesson 6: what can two words do in self-attention that is "
        "hard for them in a recurrent network?"
    )
    assert_letter(student, reference, "what-it-solves", reread)


@pytest.mark.points(0.5)
def test_what_a_query_stands_for(student, reference):
    """The quiz: what a query stands for."""
    reread = "the table in lesson 4: each of the three roles answers one question"
    assert_letter(student, reference, "query", reread)


@pytest.mark.points(0.5)
def test_what_works_on_all_tokens_at_once(student, reference):
    """The quiz: which mechanism lets all tokens be processed in parallel."""
    reread = (
        "“What came before” in lesson 6: in which kind of network does step 10 wait for "
        "step 9? And “What came after” in lesson 6: in which does nothing wait?"
    )
    assert_letter(student, reference, "all-at-once", reread)


@pytest.mark.points(0.5)
def test_what_makes_the_weights_sum_to_one(student, reference):
    """The quiz: what makes the weights sum to 1."""
    reread = "the beginning of lesson 2: which step turns scores of any size into shares?"
    assert_letter(student, reference, "sums-to-one", reread)


@pytest.mark.points(0.5)
def test_why_it_is_called_self_attention(student, reference):
    """The quiz: why it is called self-attention."""
    reread = "“Why self?” in lesson 5: where do Q, K and V come from, and where else could they?"
    assert_letter(student, reference, "why-self", reread)


@pytest.mark.points(0.5)
def test_what_a_row_of_the_attention_matrix_tells(student, reference):
    """The quiz: what a row of the attention matrix tells."""
    reread = "“Normalise” in lesson 3: do rows look, or are they looked at?"
    assert_letter(student, reference, "matrix-row", reread)


@pytest.mark.points(0.5)
def test_what_a_recurrent_network_does_with_an_old_word(student, reference):
    """The quiz: what a recurrent network does with a word seen long ago."""
    reread = (
        "“What came before” in lesson 6, and look at the bars: what happens to a word at each step?"
    )
    assert_letter(student, reference, "rnn-memory", reread)


@pytest.mark.points(1)
def test_whether_the_six_weights_can_be_a_softmax_row(student, reference):
    """The quiz: whether the six weights of *It* can be a softmax row."""
    reread = (
        "“A question with a catch” in lesson 2: which property has every row that softmax "
        "returns, and does this row have it?"
    )
    assert_letter(student, reference, "six-weights", reread)


@pytest.mark.points(1)
def test_why_the_scores_are_scaled(student, reference):
    """The quiz: why the scores are divided by √d_k."""
    reread = (
        "“Why divide by √d_k?” in lesson 5, and the table below the function: which column changes "
        "most as d_k grows?"
    )
    assert_letter(student, reference, "why-scaling", reread)
