"""A fifth batch: files, headings, dates and words of status, keyed before they were read."""
