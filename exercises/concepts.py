# %% [markdown]
# # 6. Concepts: say it in words
#
# You have built self-attention. This last lesson has no code to write: nine questions with one
# right letter each, and two that you answer in your own words. A program marks the letters; a
# person reads the words.
#
# ## What came before
#
# One story is still missing: why anybody wanted attention. Before it, sentences were read by
# **recurrent networks** (RNNs): one word after the other, with a single vector as the memory of all
# that came before. Two things follow. Step 10 has to wait for step 9, so nothing can be computed
# side by side. And a word from long ago reaches the present only through every step in between.
# Suppose that each step keeps 80% of what is in memory. How much of a word is left?
#
#     >>> for steps in (1, 2, 5, 10, 20):
#     ...     left = 0.8**steps
#     ...     print(f"{steps:2} words later ▏{'█' * round(20 * left):16} {left:.2f}")
#      1 words later ▏████████████████ 0.80
#      2 words later ▏█████████████    0.64
#      5 words later ▏███████          0.33
#     10 words later ▏██               0.11
#     20 words later ▏                 0.01
#
# In self-attention every word looks at every other one directly, next door or a page away, and
# `Q @ K.T` compares all pairs in one go.

# %% [markdown]
# ## The quiz
#
# For each question write one letter into `ANSWERS`, further down, as in `"query": "A"`.
#
# **what-it-solves**: What problem does self-attention solve?
#
# - A. It makes embeddings shorter, so that they take less memory.
# - B. It relates the words of a sentence to each other, however far apart they stand.
# - C. It finds out where one word ends and the next begins.
# - D. It puts the words of a sentence into the right order.
#
# **query**: What does the query of a token stand for?
#
# - A. What the token passes on to those that look at it.
# - B. What the token can be found by.
# - C. Where in the sentence the token stands.
# - D. What the token is looking for.
#
# **all-at-once**: Which mechanism lets a transformer process all tokens of a sentence in parallel?
#
# - A. Self-attention: the scores of all pairs are one matrix product; no token waits for another.
# - B. Recurrence: a memory is handed on from token to token.
# - C. Softmax: it makes all tokens equally important.
# - D. Sorting: tokens of the same kind are put side by side first.
#
# **sums-to-one**: What makes the attention weights of one token sum to 1?
#
# - A. Dividing the scores by √d_k.
# - B. The dot product of its query with every key.
# - C. The softmax over the scores of that token.
# - D. Multiplying by the values.
#
# **why-self**: Why is it called *self*-attention?
#
# - A. Every token attends to itself and to no other.
# - B. The network works out by itself how many tokens to read.
# - C. Queries, keys and values all come from the same sequence; in cross-attention, one sequence
#   attends to another.
# - D. The weights are made of the embeddings alone, without learned matrices.
#
# **matrix-row**: What does row i of the attention matrix tell?
#
# - A. How token i shares out its attention over all tokens.
# - B. How much each of the tokens looks at token i.
# - C. The new vector of token i.
# - D. How far away the other tokens stand from token i.
#
# **rnn-memory**: What becomes of a word that a recurrent network saw long ago?
#
# - A. The network keeps every word's vector and looks up the one that it needs.
# - B. It is as present as the last word, because all words share one memory.
# - C. It is deleted as soon as the next word arrives.
# - D. It has been handed on through every step since, and may have faded on the way.
#
# **six-weights**: "The cat sat on the mat. It is eating now." A text gives the attention weights
# of *It* as The 0.01, cat 0.87, sat 0.52, on 0.03, mat 0.32, it 0.98. Can this be a row that
# softmax returned?
#
# - A. Yes: each of them lies between 0 and 1.
# - B. Yes: a word may attend strongly to several others at once.
# - C. No: they sum to 2.73, not to 1.
# - D. No: a word never attends to itself as much as that.
#
# **why-scaling**: Why are the scores divided by √d_k?
#
# - A. So that no score is negative.
# - B. So that their spread does not grow with d_k, and softmax does not give nearly all attention
#   to one key.
# - C. So that the weights sum to 1.
# - D. So that long sentences take no longer than short ones.

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
