"""A sixth batch: files, headings, dates and words of status, keyed before they were read."""
