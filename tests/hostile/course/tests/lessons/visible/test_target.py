def test_total(student):
    """total of 1, 2 and 3 is 6."""
    assert student.total([1.0, 2.0, 3.0]) == 6
