# %% [markdown]
# # 6. Concepts: say it in words
#
# *About 40 minutes.*
#
# You have built self-attention. In this lesson you write no code: you answer nine questions with
# one letter each, and two in your own words. A program marks the letters, a person the words.
#
# ## What came before
#
# Why did anybody want attention? Before it, sentences were read by **recurrent networks** (RNNs):
# one word after the other, with a single vector as the memory of all that came before. Two things
# follow. Step 10 has to wait for step 9, so nothing can be computed side by side. And a word from
# long ago reaches the present only through every step in between. Suppose that each step keeps 80%
# of what is in memory, and adds the new word. Three lines below do just that.
#
# **Predict.** How much of *animal* is left when such a network reads *it*?

# %%
if __name__ == "__main__":
    sentence = "The animal didn't cross the street because it was too tired"
    memory = 0.0  # how much of "animal" is in there
    for word in sentence.split():
        memory = 0.8 * memory + (word == "animal")
        print(f"{word:8}{memory:.2f} ▏{'█' * round(20 * memory)}")

# %% [markdown]
#     The     0.00 ▏
#     animal  1.00 ▏████████████████████
#     didn't  0.80 ▏████████████████
#     cross   0.64 ▏█████████████
#     the     0.51 ▏██████████
#     street  0.41 ▏████████
#     because 0.33 ▏███████
#     it      0.26 ▏█████
#     was     0.21 ▏████
#     too     0.17 ▏███
#     tired   0.13 ▏███
#
# Six words later a quarter is left, twenty words later a hundredth. An **LSTM** is a recurrent
# network that forgets more slowly, because it learns what to keep, what to add and what to show. A
# **GRU** does the same with fewer parts. Both still read one word after the other.
#
# ## What came after
#
# In self-attention every word looks at every other one directly, next door or a page away, and
# `Q @ K.T` compares all pairs in one go. The price is n² scores. A **transformer** is a stack of
# attention layers, each with a small network after it. **BERT** is a transformer in which a word
# looks at the words on both sides; it learned to guess words that had been covered, and serves to
# understand texts. **GPT** is a transformer in which a word looks only at itself and the words
# before it; it learned to guess the next word, and serves to write texts.

# %% [markdown]
# ## The quiz
#
# Write one letter for each question into `ANSWERS`, further down, as in `"query": "A"`.
#
# The quiz is worth 6 of the 10 points: half a point when every question has a letter, half a point
# for each of the first seven questions, and a whole one for each of the last two. The two written
# answers are worth 2 points each.
#
# **what-it-solves**: What problem does self-attention solve?
#
# - A. It makes embeddings shorter, so that models need less memory.
# - B. It relates words to each other, however far apart they stand.
# - C. It finds the places of a text in which words begin and end.
# - D. It puts the words of a sentence into the order that they need.
#
# **query**: What does the query of a token stand for?
#
# - A. what the token passes on to all others
# - B. what the others can find the token by
# - C. where in the text the token stands
# - D. what the token itself is looking for
#
# **all-at-once**: Which mechanism lets a transformer process all tokens of a sentence in parallel?
#
# - A. self-attention, one matrix product for all pairs
# - B. recurrence, which hands on a memory to each token
# - C. softmax, which makes all tokens equally important
# - D. sorting, which puts like tokens next to each other
#
# **sums-to-one**: What makes the attention weights of one token sum to 1?
#
# - A. dividing its scores by the square root of d_k
# - B. the dot products of its query with the keys
# - C. the softmax over all the scores of the token
# - D. multiplying its weights with all the values
#
# **why-self**: Why is it called *self*-attention?
#
# - A. Every token attends to itself, and to no other token.
# - B. The network decides itself how many tokens it reads.
# - C. Queries, keys and values come from the same sequence.
# - D. The weights come from embeddings, nothing is learned.
#
# **matrix-row**: What does row i of the attention matrix tell?
#
# - A. how token i shares out its attention over the tokens
# - B. how much each of the other tokens looks at token i
# - C. which new vector token i has once it has blended
# - D. how far away from token i each other token stands
#
# **rnn-memory**: What becomes of a word that a recurrent network saw long ago?
#
# - A. The network keeps its vector, and looks it up when it needs it.
# - B. It is as present as the last word, since they share one memory.
# - C. It is deleted from the memory as soon as the next word has come.
# - D. It has passed through every step since then, and may have faded.
#
# **six-weights**: "The cat sat on the mat. It is eating now." A text gives the attention weights
# of *It* as The 0.01, cat 0.87, sat 0.52, on 0.03, mat 0.32, it 0.98. Can this be a row that
# softmax returned?
#
# - A. Yes: each of the six lies between 0 and 1.
# - B. Yes: a word may look at several strongly.
# - C. No: the weights sum to 2.73 and not to 1.
# - D. No: a word looks at itself less than that.
#
# **why-scaling**: Why are the scores divided by √d_k?
#
# - A. so that no score is negative, whatever the query and the keys are
# - B. so that softmax stays as soft for long queries as for short ones
# - C. so that the weights of every query sum to 1, as shares have to
# - D. so that a long sentence takes no more time than a short one does

# %%
# Your answers here, between the quotes.
ANSWERS = {
    "what-it-solves": "",
    "query": "",
    "all-at-once": "",
    "sums-to-one": "",
    "why-self": "",
    "matrix-row": "",
    "rnn-memory": "",
    "six-weights": "",
    "why-scaling": "",
}

# %% [markdown]
# ## In your own words
#
# Two answers that a person reads, five to ten sentences each, in the place below. Write for a
# friend who knows what a matrix is and has never heard of attention. Nobody counts technical terms;
# what counts is whether your friend could explain it to somebody else.
#
# **in-your-own-words**: What is self-attention, and what does it do to the vector of a word?
# Follow one word of a sentence of your own through the steps.
#
# **analogy**: Explain query, key and value by an analogy from real life: a library search, a
# job fair, a dating site, whatever you like. Say what in your analogy is the query, what are the
# keys, what are the values, and where it limps: every analogy does.

# %%
# Your answers here, between the quotes.
EXPLANATIONS = {
    "in-your-own-words": """

""",
    "analogy": """

""",
}

# %% [markdown]
# ## Out of scope
#
# All that makes a transformer of this: masking, several heads, positions, layers upon layers. You
# now know what is inside each of them: `softmax(Q @ K.T / np.sqrt(d_k)) @ V`, and you wrote it.
