"""Answers and refusals measured on questions with known answers."""
