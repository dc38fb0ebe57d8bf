"""Reports: roll-ups and deviations, compiled, written, approved and read."""
