"""Makes a course of material that exists: nbgrader's and Otter's notebooks, folders with tests.

A source is read as data into a draft (:mod:`.draft`), by one module for each format. The draft is
written as a course, and each check is tried on the solution in the sandbox.
"""
