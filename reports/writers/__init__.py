"""Blocks become files: one writer for each kind of file, none of which knows any facts."""
