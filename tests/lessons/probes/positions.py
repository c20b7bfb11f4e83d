"""Calls on which the known mistakes of lesson 9 give different answers."""


def ordinary(student, rng):
    """Any code with the same mistake gives the same here."""
    for n, d in [(7, 6), (4, 8), (5, 2)]:
        student.sinusoidal_positions(n, d)
    layers = [
        (rng.normal(size=(6, d_k)), rng.normal(size=(6, d_k)), rng.normal(size=(6, 6)) / 3)
        for d_k in (4, 3, 4)
    ]
    for n in (5, 3):
        X = rng.normal(size=(n, 6))
        for layer in layers[:2]:
            student.attend(X, layer)
        student.stack(X, layers[:1])
        student.stack(X, layers)


def corners(student, rng):
    """Here it may depend on how the mistake was coded."""
    layer = rng.normal(size=(3, 6, 6))
    student.attend(rng.integers(-9, 10, size=(5, 6)), tuple(layer))
    student.stack(rng.normal(size=(5, 6)), [])
