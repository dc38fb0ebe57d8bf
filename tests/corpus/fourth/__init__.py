"""Words only: headings, days and words of status, written before the reader was tried on them."""
