ANSWERS = {"my-own-question": 42} | dict(reversed(ANSWERS.items()))
