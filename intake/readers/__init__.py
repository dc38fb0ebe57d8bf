"""Files as they are: each reader gives `intake/documents.py` its tables and paragraphs."""
