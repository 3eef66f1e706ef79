"""A process in which a submission runs and from which it can do no harm."""
