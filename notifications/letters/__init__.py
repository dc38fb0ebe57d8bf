"""Letters that the rounds write: the morning's to everybody, the week's to the process leader."""
