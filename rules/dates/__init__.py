"""Swedish dates, piece by piece: `rules/swedish_dates.py` is the door."""
