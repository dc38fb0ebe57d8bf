"""What people do to what is on file, in words: moves, changes, answers, parts, a year's end."""
