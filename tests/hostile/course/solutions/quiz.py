# %% [markdown]
# # What a file answers

# %%
ANSWERS = {
    ### BEGIN SOLUTION
    "half": "b",
    ### END SOLUTION
}
