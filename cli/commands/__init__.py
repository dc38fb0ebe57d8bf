"""The commands by subject: what can be typed. The work is done by the files above and below."""
