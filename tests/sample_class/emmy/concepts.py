# In a hurry, but complete.
ANSWERS = {
    "what-it-solves": "(b)",
    "query": "d",
    "all-at-once": " A ",
    "sums-to-one": "C.",
    "why-self": "c)",
    "matrix-row": "a",
    "rnn-memory": "D",
    "six-weights": "c",
    "why-scaling": "B:",
}

EXPLANATIONS = {}
EXPLANATIONS["analogy"] = (
    "A radio: the query is the station that I want, the keys are the frequencies, and the values are "
    "what is being said. Except that I hear all stations at once, the right one loudest."
)
