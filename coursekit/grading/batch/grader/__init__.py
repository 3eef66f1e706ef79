"""The verdict on one submission: its tests run here, its answers in a sandbox."""
