def causal_mask(n):
    places = np.arange(n)
    return places[:, np.newaxis] <= places
