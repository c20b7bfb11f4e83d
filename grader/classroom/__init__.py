"""The nbgrader classroom: its notebooks, its grading in the sandbox, its hub.

Everything here but :mod:`grader.classroom.config` and :mod:`grader.classroom.adopted` needs
nbgrader.
"""
