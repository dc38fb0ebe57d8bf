"""What the promises cost, measured as ratios to the bare tools underneath."""
