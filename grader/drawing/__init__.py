"""What `grader show` draws: a lesson's own matrix of a sentence."""
