"""Takes the place of a package that Jupyter does without, in servers that tests start.

To import the package takes 3 s of CPU time; grader/cli/jupyter_start.py says what it is for.
"""

raise ImportError("left out")
