ANSWERS = {question: letter.lower() for question, letter in ANSWERS.items()}
