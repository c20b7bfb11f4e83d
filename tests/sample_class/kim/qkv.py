# %%
import numpy as np


# %%
def project_qkv(
    X: np.ndarray, W_q: np.ndarray, W_k: np.ndarray, W_v: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make each token's query, key and value."""
    raise NotImplementedError


# %%
def qk_scores(Q: np.ndarray, K: np.ndarray) -> np.ndarray:
    """Score every query against every key."""
    raise NotImplementedError
