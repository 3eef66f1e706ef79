"""What students handed in: whose each file is, in the layouts that people and platforms use."""
