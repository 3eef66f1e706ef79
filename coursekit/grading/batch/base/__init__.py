"""What all parts of batch grading share: their records, CSV files and the words of platforms."""
