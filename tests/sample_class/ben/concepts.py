ANSWERS = {
    "what-it-solves": "B",
    "query": "D",
    "all-at-once": "A",
    "sums-to-one": "C",
    "why-self": "A",
    "matrix-row": "B",
    "rnn-memory": "D",
    "six-weights": "C",
    "why-scaling": "B",
}

EXPLANATIONS = {
    "in-your-own-words": """
Each word looks at itself to find out how important it is, and important words get more weight.
""",
    "analogy": "",
}
