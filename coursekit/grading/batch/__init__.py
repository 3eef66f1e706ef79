"""Grading of many submissions that nobody trusts: a judge here, their code in closed boxes."""
