"""People and groups: their pages, lists read in, stand-ins, and a group's meeting."""
