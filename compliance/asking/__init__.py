"""The questionnaire: exactly the facts that unknown findings wait for, and their answers."""
