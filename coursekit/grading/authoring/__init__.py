"""What a maintainer calls: the catalogue, the recordings, and the copy that is handed out."""
