"""The pages: one for each student and one for the class. Each is one file of HTML.

Jinja2 fills in the templates and escapes every value. Drawings are plain SVG or tables in the
templates: a drawing library would bring a megabyte of script or pictures for a few rectangles.
SVG and tables stay sharp at any size, and screen readers can read them.

The first lines of a page say what it may load and run: its own style and, on the class page, the
one script that sorts. Both are named by their hashes.
"""
