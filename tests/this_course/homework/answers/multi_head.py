# Answers to lesson 8 as people write them; see dot_product.py for the form.

# %% wrong: view(h, n, d // h) without a transpose
# names: mixed-tokens
def split_heads(X, h):
    return X.reshape(h, X.shape[0], X.shape[1] // h)

# %% wrong: the tokens are the last axis
# evidence: another order
def split_heads(X, h):
    n, d = X.shape
    return X.reshape(n, h, d // h).transpose(1, 2, 0)

# %% wrong: each head takes every h-th number
# names: every-hth-column
def split_heads(X, h):
    return np.array([X[:, head::h] for head in range(h)])

# %% wrong: reshape back, and the transpose is left out
# names: merges-tokens
def merge_heads(H):
    h, n, k = H.shape
    return H.reshape(n, h * k)

# %% wrong: heads are added up
# evidence: added up
def merge_heads(H):
    return H.sum(axis=0)

# %% wrong: the last two axes are swapped before the reshape
# names: merges-alternately
def merge_heads(H):
    return H.transpose(1, 2, 0).reshape(H.shape[1], -1)

# %% wrong: concatenate along the tokens
# evidence: below
def merge_heads(H):
    return np.concatenate(list(H), axis=0)

# %% wrong: the root of d_model, as in a popular script
# names: scale-by-sqrt-d
def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    Q, K, V = (split_heads(part, h) for part in project_qkv(X, W_q, W_k, W_v))
    scores = Q @ K.transpose(0, 2, 1) / np.sqrt(X.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    scores = scores - scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    return merge_heads(weights @ V) @ W_o, weights

# %% wrong: forgets the output projection
# names: ignores-w-o
def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    out, weights = masked_attention(split_heads(Q, h), split_heads(K, h), split_heads(V, h), mask)
    return merge_heads(out), weights

# %% wrong: W_o is turned round, as torch's Linear has it
# evidence: W_o
def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    out, weights = masked_attention(split_heads(Q, h), split_heads(K, h), split_heads(V, h), mask)
    return merge_heads(out) @ W_o.T, weights

# %% wrong: the mask is not passed on
# names: ignores-mask
def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    out, weights = masked_attention(split_heads(Q, h), split_heads(K, h), split_heads(V, h))
    return merge_heads(out) @ W_o, weights

# %% wrong: the weights of all heads are averaged
# evidence: one attention matrix
def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    out, weights = masked_attention(split_heads(Q, h), split_heads(K, h), split_heads(V, h), mask)
    return merge_heads(out) @ W_o, weights.mean(axis=0)

# %% wrong: X is split, and nothing is projected
# evidence: by the tokens themselves
def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    heads = split_heads(X, h)
    out, weights = masked_attention(heads, heads, heads, mask)
    return merge_heads(out) @ W_o, weights

# %% wrong: one head of the full width
# evidence: one attention matrix
def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    out, weights = masked_attention(*project_qkv(X, W_q, W_k, W_v), mask)
    return out @ W_o, weights

# %% right: a loop over the heads, with columns of the matrices
def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    k = X.shape[1] // h
    parts, all_weights = [], []
    for head in range(h):
        own = slice(head * k, (head + 1) * k)
        mine = None
        if mask is not None:
            mine = np.broadcast_to(mask, (h, len(X), len(X)))[head]
        out, weights = masked_attention(X @ W_q[:, own], X @ W_k[:, own], X @ W_v[:, own], mine)
        parts.append(out)
        all_weights.append(weights)
    return np.concatenate(parts, axis=1) @ W_o, np.array(all_weights)

# %% right: einsum and a rearranged W_o
def multi_head_attention(X, W_q, W_k, W_v, W_o, h, mask=None):
    Q, K, V = (split_heads(X @ W, h) for W in (W_q, W_k, W_v))
    out, weights = masked_attention(Q, K, V, mask)
    d = W_o.shape[0]
    return np.einsum("hnk,hko->no", out, W_o.reshape(h, d // h, -1)), weights
