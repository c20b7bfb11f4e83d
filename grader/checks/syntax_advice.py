"""Explains to beginners why a lesson cannot be compiled or imported, in a sentence each.

The line and Python's text decide which sentence fits. The sentences quote neither.
"""

from __future__ import annotations

import re
from typing import Final

from grader.checks.odd_lines import leave_out_texts
from grader.sandbox.faults import Raised

#: Text that does not belong into a program: patterns to search for in the line, and sentences.
_ON_LINE: Final = (
    # pasted along with the code
    (
        r"^[A-Z][\w'\u2019-]*,?( [\w'\u2019,-]+){2,}[:.!?]?$",
        "this line is a sentence, no code; take it out, or begin it with #",
    ),
    (
        r"^(<{7}|={7}|>{7}|\|{7})",
        "two versions were merged here: choose one, and take the marks `<<<<<<<`, `=======` and "
        "`>>>>>>>` out",
    ),
    (r"^(```|~~~)", "a code fence (```) belongs into a text; take this line out"),
    (r"^(>>>|\.\.\. )", "`>>>` is a prompt, pasted with the code; take it out of each line"),
    (r"^(In|Out) ?\[\d*\]:", "`In [1]:` is a prompt, pasted with the code; take it out"),
    (r"^\d+[:.)|]?\s+[a-zA-Z#@]", "line numbers were pasted with the code; take them out"),
    (r"&(lt|gt|amp|quot|nbsp|#\d+);", "this was copied from a web page: type <, > or & instead"),
    (
        "[\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb]",
        "these quotes come from a text; type them anew: ' or \"",
    ),
    ("[\u2010-\u2015\u2212]", "this dash comes from a text; type a minus sign: -"),
    ("[\u00d7\u2217\u22c5\u00b7]", "this sign comes from a text; to multiply, type *"),
    ("[\u00b2\u00b3\u2070-\u2079]", "this is no power; to square a number, type ** 2"),
    ("\u221a", "this sign comes from a text; a square root is `np.sqrt(…)`, or `** 0.5`"),
    ("[\u2260\u2264\u2265]", "this sign comes from a text; type !=, <= or >="),
    ("\u00f7", "this sign comes from a text; to divide, type /"),
    ("[\uff01-\uff5e\u3001\u3002]", "a sign of another keyboard stands here; type it anew"),
    ("[\u00a0\u200b\u3000\ufeff]", "an odd blank was pasted here; delete it and type a blank"),
    # other languages
    (r"^(function|func|fn|sub)\b(?! *=)", "a function begins with `def`, as in `def f(x):`"),
    (r"^for\s+\w+\s*=", "Python counts with `for i in range(n):`, from 0 to n - 1"),
    (r"^for\s*\(|^foreach\b", "Python writes `for x in xs:`"),
    (r"^else if\b", "Python writes `elif`"),
    (r"&&|\|\|", "Python writes `and` and `or`"),
    (r"![A-Za-z(]", "Python writes `not`"),
    ("<>", "unequal is written `!=`"),
    (
        r"\"\"\w",
        "a quotation mark inside a text ends it: three of them around the text let it have its own",
    ),
    (r"\w\s*(\+\+|--)\s*;?$", "Python has no `++`; `i += 1` counts up"),
    (
        r"^(def|if|for|while|else|elif|class)\b.*\{$",
        "Python has no braces around a block: a colon begins it, and it is indented",
    ),
    (
        r"[A-Za-z_)\]]\w*\s*\.[*/^]",
        "numpy needs no point: `*`, `/` and `**` go entry by entry, and `@` is the matrix product",
    ),
    (r"\bnew\s+[A-Z]", "Python has no `new`: the name with round brackets makes the object"),
    (r"^print\s+[^(=]", "`print` is a function, and its values stand in brackets: `print(x)`"),
    (
        r"^(lambda|class|def|in|is|from|import|pass|global|as|with|not|or|and|if|for|del)\s*=",
        "this is one of Python's own words; choose another name",
    ),
)  # fmt: skip

#: The exception's type, what to search for in Python's text, and what to say; the first that fits.
_ON_TEXT: Final = (
    (
        "EOFError",
        "reading a line",
        "nobody is there to type when `input()` asks; let the function take the value as an "
        "argument",
    ),
    ("SyntaxError", "never closed", "each opening bracket needs a closing one: count them"),
    ("SyntaxError", "unmatched", "there is a closing bracket too many: count them"),
    ("SyntaxError", "does not match", "the brackets close in another order than they were opened"),
    (
        "SyntaxError",
        "expected ':'",
        "a line that begins a block (`def`, `if`, `for`, …) ends with a colon",
    ),
    ("SyntaxError", "Maybe you meant '=='", "`=` gives a name to a value; `==` compares two"),
    (
        "SyntaxError",
        "Perhaps you forgot a comma",
        "a comma or an operator is missing between two values",
    ),
    (
        "SyntaxError",
        "positional argument follows keyword",
        "values without a name come before `name=value`; is a `==` a `=` too many?",
    ),
    (
        "SyntaxError",
        "return' outside function",
        "`return` belongs inside a function: is it indented below its `def` line?",
    ),
    ("SyntaxError", "outside (a )?loop|not properly in loop", "this word belongs inside a loop"),
    (
        "SyntaxError",
        "unterminated|EOL while",
        "a quote begins a text here, and none ends it; for a transpose, write `X.T`",
    ),
    (
        "SyntaxError",
        "non-printable character",
        "an invisible character was pasted here; delete the blanks of this line and type them anew",
    ),
    (
        "SyntaxError",
        "invalid decimal literal",
        "a name cannot begin with a digit, and to multiply, a * is needed",
    ),
    (
        "SyntaxError",
        "cannot (assign|delete)",
        "what stands to the left of `=` is a name, or an entry such as `a[i]`",
    ),
    (
        "SyntaxError",
        "expected 'except' or 'finally'",
        "a `try:` needs an `except …:` below it, as far in as itself",
    ),
    ("TabError", "", "begin every line with spaces, four for each level, and never with tabs"),
    (
        "IndentationError",
        "expected an indented block",
        "what belongs to the line above (`def`, `for`, `if`, …) stands four spaces further in",
    ),
    (
        "IndentationError",
        "",
        "lines that belong together begin below each other, with the same number of spaces",
    ),
)

_UNFINISHED: Final = re.compile(r"[-+*/%=@]$")
_UNFINISHED_SAYS: Final = (
    "the line ends in the middle of something: finish it, or put brackets around what goes on in "
    "the next line"
)


def on_import(raised: Raised) -> str | None:
    """What to do about a lesson that cannot be imported; None if Python's text is enough."""
    line = raised.place.text.strip() if raised.place is not None else ""
    if raised.type_name == "SyntaxError":
        code = leave_out_texts(line)
        for pattern, sentence in _ON_LINE:
            if re.search(pattern, code):
                return sentence
        if "invalid syntax" in raised.text and _UNFINISHED.search(code):
            return _UNFINISHED_SAYS
    for kind, pattern, sentence in _ON_TEXT:
        if re.fullmatch(kind, raised.type_name) and re.search(pattern, raised.text):
            return sentence
    return None
