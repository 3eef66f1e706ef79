"""What a student calls: check, progress, reset, and grading on their own machine."""
