"""To and from learning platforms: downloads sorted into submissions, marks put into gradebooks."""
