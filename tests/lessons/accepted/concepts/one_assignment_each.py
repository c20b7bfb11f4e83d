found, ANSWERS = ANSWERS, {}
for question in found:
    ANSWERS[question] = found[question]
