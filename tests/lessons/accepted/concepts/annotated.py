ANSWERS: dict[str, str] = {question: str(letter) for question, letter in ANSWERS.items()}
