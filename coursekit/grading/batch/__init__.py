"""Grading of many untrusted submissions: the grader here, students' code in sandboxes."""
