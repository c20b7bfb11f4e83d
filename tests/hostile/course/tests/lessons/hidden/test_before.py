def test_products(student):
    """twice(x) and scaled(x, factor) are products."""
    assert student.twice(4) == 8
    assert student.scaled(4, 3) == 12
