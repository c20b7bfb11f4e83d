"""How the functions of lesson 12 are drawn, for `grader show`."""

import numpy as np

# How the model reads a word that it does not know. X has: creature, place, deed, pronoun.
READ_AS = {
    (2, 0, 0, 0): "animal",
    (0, 2, 0, 0): "street",
    (0, 0, 2, 0): "cross",
    (0, 0, 1, 0): "was",
    (1, 1, 0, 2): "it",
    (1, 0, 0, 2): "it",
    (1, 0, 1, 0): "tired",
    (0, 1, 1, 0): "wide",
}
SENTENCES = {  # on the page for a friend
    "too tired": "The animal didn't cross the street because it was too tired.",
    "too wide": "The animal didn't cross the street because it was too wide.",
}
STORY = """Where does a model look before it writes?

This small language model learned one thing: to guess the next word. Behind “so the” it has to know
what “it” was: the animal if it was too tired, the street if it was too wide. Nobody gave it a rule
for that. A word can look back, and never ahead."""
TABS = {
    "Block 1, head 1": "The first block reads the words as they are.",
    "Block 1, head 2": "The same words, seen through other matrices.",
    "Block 2, head 1": "In 89 of 100 texts that it never saw, this head looks at the noun due.",
    "Block 2, head 2": "This head finds each creature that “it” stands for, and no place.",
}
FIRST_TAB = "Block 2, head 1"
HOW = """The model has about 21 000 numbers. They were learned from texts of a small grammar, and
come with the course; all that is computed with them, from the words to the next word, is the
functions' own. The model knows 58 words, and reads any other as one of its kind: a creature as
animal, a place as street, what says little as the. ¶ begins and ends a text. Weights are no
explanation: they say from where a head fetched something, not what it fetched, nor what became of
it."""


def draw(student, X, words, data):
    """At which of these words does each head look when the noun is due again? By your block.

    Behind the sentence stands “. so the”: which noun comes next depends on where the heads of block
    2 look from there. Of each head's attention, only what goes to the sentence is shared out here,
    so the numbers are a little larger than those of the lesson. The trained model knows 58 words,
    and reads any other as one of its kind: a creature as animal, a place as street, what says
    little as the.
    """
    _, weights = run(student, X, words, *read_model(data["tiny_gpt.npz"]))
    looks = weights[-1][:, -1, 1 : 1 + len(words)]  # (heads, words): block 2, from the last place
    shares = looks / looks.sum(axis=1, keepdims=True)
    return {f"so the: head {number}": row for number, row in enumerate(shares, start=1)}


def page(student, X, words, data):
    """Where does a model look before it writes?

    This small language model learned one thing: to guess the next word. Behind the sentence stands
    “so the”, and a noun is due, which the model has to find in what it has read. Nobody gave it a
    rule for that. A word can look back, and never ahead.
    """
    known, params = read_model(data["tiny_gpt.npz"])
    texts = [student.generate([known.index("¶")], 30, params, seed) for seed in range(6)]
    X, weights = run(student, X, words, known, params)
    logits = student.layer_norm(X, params["gain"], params["bias"]) @ params["W_u"]
    powers = np.exp(logits[-1] - logits[-1].max())
    return {
        "words": ["¶", *words, ".", "so", "the"],
        "weights": np.concatenate(weights),  # (4, n, n): two heads of block 1, two of block 2
        "next": dict(zip(known, powers / powers.sum(), strict=True)),
        "wrote": [in_sentences([known[number] for number in text]) for text in texts],
    }


def run(student, X, words, known, params):
    """The sentence, behind it “. so the”, sent through the blocks: X, and each one's weights."""
    kinds = [READ_AS.get(tuple(vector), "the") for vector in X.tolist()]
    plain = [word.lower().replace("\u2019", "'") for word in words]
    read = [it if it in known else kind for it, kind in zip(plain, kinds, strict=True)]
    X = params["tokens"][[known.index(word) for word in ["¶", *read, ".", "so", "the"]]]
    X = X + student.sinusoidal_positions(*X.shape)
    weights = []
    for layer in params["blocks"]:
        X, looks = student.block(X, layer, params["heads"])
        weights.append(np.asarray(looks))
    return X, weights


def in_sentences(words):
    """The first text of some words as people write it. ¶ begins and ends it."""
    text = " ".join(words).split("¶")[1].replace(" .", ".").strip()
    return ". ".join(sentence[:1].upper() + sentence[1:] for sentence in text.split(". "))


def read_model(path):
    """The words that the model knows, and its parameters as `generate` takes them."""
    params = {"blocks": [{}, {}]}
    with np.load(path) as file:
        known, params["heads"] = file["words"].tolist(), int(file["heads"])
        for name in set(file.files) - {"words", "heads"}:  # "W_u", or "blocks.0.W_q"
            *number, key = name.removeprefix("blocks.").split(".")
            holder = params["blocks"][int(number[0])] if number else params
            holder[key] = file[name].astype(float)
    return known, params
