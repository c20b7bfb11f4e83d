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

EXPLANATIONS = {
    "in-your-own-words": """
Self-attention makes a new vector for every word out of all words of the sentence. In "The dog that
barked at the cats ran away", who ran? The query of "ran" asks for something that can run, the key
of "dog" answers better than the key of "cats", so softmax gives "dog" most of the shares, and the
new vector of "ran" is mostly the value of "dog". Every word does the same at the same time.
""",
    "analogy": """
A job fair. What I am looking for is my query. What it says on the boards of the companies is their
keys. What I would really do there all day is the values, and I only hear about that after the
boards have told me where to listen longest. It limps because companies look for me, too.
""",
}
