"""A year as a folder that an e-archive can take: JSON Lines, PDF/A, a manifest with SHA-256.

The same things on file give the same bytes. What opens doors (links, sign-in letters) is left out.
`making.py` writes an archive, `manifest.py` tells whether one is whole, and `rebuilding.py` makes
every report again, byte for byte, from `editions.jsonl` alone. What goes in is in `sources.py`, how
a row becomes a line in `lines.py`, and what each field means in `fields.py`.
"""
