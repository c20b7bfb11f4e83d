# Wants: to run its own doctests and unit tests while it is imported.
# Levels: full filtered process
# Verdict: number=passed values=passed total=passed chained=passed

import doctest
import io
import unittest
import numpy as np


def double(x):
    """
    >>> int(double(2))
    4
    """
    return 2 * np.asarray(x)


class Test(unittest.TestCase):
    def test_two(self):
        self.assertEqual(double(2), 4)


finder = doctest.DocTestFinder()
for test in finder.find(double, "double", globs={"double": double}):
    doctest.DocTestRunner(verbose=False).run(test)
runner = unittest.TextTestRunner(stream=io.StringIO())
assert runner.run(unittest.defaultTestLoader.loadTestsFromTestCase(Test)).wasSuccessful()


def total(x):
    return float(np.sum(x))
