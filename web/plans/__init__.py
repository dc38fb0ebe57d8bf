"""Plans: as they are or stood, edited, read in from a file, closed at the year's end."""
