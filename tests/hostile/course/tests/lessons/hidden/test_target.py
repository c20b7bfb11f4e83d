import numpy as np
from numpy.testing import assert_allclose
import pytest

HIDDEN = "CANARY-check"


@pytest.mark.points(2)
def test_number(student):
    """double(21) is 42."""
    assert student.double(21) == 42


def test_values(student, reference, rng):
    """double(x) is twice x."""
    x = rng.normal(size=(3, 4))
    # Plain numpy, without a look at the shape: some programs try to break our side by it.
    value = student.double(x)
    assert np.size(value) and np.allclose(value, reference.double(x), rtol=1e-12), "twice each"


def test_chained(student, reference, rng):
    """total(double(x)) is twice total(x)."""
    x = rng.normal(size=(3, 4))
    assert_allclose(student.total(reference.double(x)), 2 * x.sum(), rtol=1e-9)
