"""The playground's network, its data, and its training."""
