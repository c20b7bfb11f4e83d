ANSWERS = {
    question: f"({letter})" if number % 2 else f" {letter}. "
    for number, (question, letter) in enumerate(ANSWERS.items())
}
