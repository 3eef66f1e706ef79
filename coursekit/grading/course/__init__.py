"""The course's files: where they lie, its notebooks, and a submission's cells."""
