from numpy.testing import assert_allclose


def test_mean(student, reference, rng):
    """mean(x) is the mean."""
    x = rng.normal(size=7)
    assert_allclose(student.mean(x), reference.mean(x), rtol=1e-12)
