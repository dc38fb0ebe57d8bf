"""Facts about this installation. The lowest floor: imports nothing of ours."""
