# %%
import numpy as np


# %%
def softmax(scores: np.ndarray, axis: int = -1) -> np.ndarray:
    """Turn scores into positive shares that sum to 1 along one axis."""
    raise NotImplementedError
