"""merged rows with numbers of several tokens

1. Let each head hold i's alone for token i. What does row i hold after merging?
2. `reshape` never moves a number. Which axis is in front of H, and which should be in front of
   the result?
3. First the first two axes change places, (n, h, d/h); then the last two become one.
"""


def merge_heads(H):
    h, n, width = np.shape(H)
    return np.reshape(H, (n, h * width))
