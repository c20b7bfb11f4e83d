# Wants: to escape every handler: an exception that is no Exception, and cannot be shown.
# Levels: full filtered process
# Verdict: number=crashed values=crashed total=passed chained=passed

import numpy as np

class Meta(type):
    def __getattribute__(cls, name):
        raise KeyboardInterrupt

    def __instancecheck__(cls, instance):
        raise KeyboardInterrupt


class Escape(BaseException, metaclass=Meta):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__

    @property
    def __traceback__(self):
        raise GeneratorExit


def double(x):
    raise Escape


def total(x):
    return float(np.sum(x))
