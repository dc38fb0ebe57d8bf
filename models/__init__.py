"""What is on file: tables, the lifecycle, and the named questions that more than one room asks."""
