"""What the playground shows, and how it reaches the browser."""
