def test_half(student, reference):
    """The quiz: a half."""
    assert student.answer("ANSWERS", "half") == reference.ANSWERS["half"], "read again"
