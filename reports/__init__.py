"""Compiling and drawing: quarter, year, deviations. Empty until the roll-ups move in."""
