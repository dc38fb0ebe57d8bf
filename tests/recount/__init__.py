"""Roll-ups counted a second time, from the log of moves alone."""
