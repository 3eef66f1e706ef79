"""The gradebook, and the class as it sees it: people, deadlines, and which file counts."""
