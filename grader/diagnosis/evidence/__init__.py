"""Evidence: what the values of a wrong function show by themselves, if no known mistake fits."""
