"""Plans as other hands draw them, and the right reading of each; see README.md."""
