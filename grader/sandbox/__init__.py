"""Running student code apart from everything that decides a mark.

``client`` and ``session`` are the trusted end, ``inside`` is all that ever runs beside student
code, ``wire`` is the only thing between them. Kept empty: the untrusted end imports it.
"""
