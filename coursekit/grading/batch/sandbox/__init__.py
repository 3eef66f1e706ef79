"""The sandbox: a worker process that bubblewrap starts, and the pipe to it."""
