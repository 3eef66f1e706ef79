"""From an answer to a verdict, whoever asks."""
