"""Optimizers that race down one landscape."""
