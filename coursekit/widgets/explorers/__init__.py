"""The explorers of the lectures, one file each."""
