"""The pages: one for each student, one for the class. Self-contained HTML, and pure functions.

Jinja2 fills in templates and escapes whatever it is given; what is drawn is plain SVG or a table
in those templates. A drawing library would have brought a megabyte of script or of pictures for
what are a few rectangles; these stay crisp at any size, can be read aloud, and need nothing.

Each page says in its first lines what it may load and run: nothing but its own style, and on the
class page the one script that sorts, both named by their hashes.
"""
