ANSWERS = {
    "what-it-solves": "B",
    "query": "D",
    "all-at-once": "A",
    "sums-to-one": "C",
    "why-self": "C",
    "matrix-row": "A",
    "rnn-memory": "D",
    "six-weights": "C",
    "why-scaling": "B",
}
