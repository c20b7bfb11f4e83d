ANSWERS = {
    "what-it-solves": "B",
    "query": "D",
    "all-at-once": "b",
    "sums-to-one": "C",
    "why-self": "C",
    "matrix-row": "A",
    "rnn-memory": "c",
    "six-weights": "C",
    "why-scaling": "B",
}

EXPLANATIONS = {
    "in-your-own-words": """
Attention is a weighted average. The weights come from comparing. Self means that a sentence is
compared with itself and not with its translation.
""",
    "analogy": """
A library: the question in my head, the titles on the backs of the books, what is written inside. I
read a page here and a page there, most in the book whose title fits best.
""",
}
