"""A plan that was read, beside what is on file: what differs, and then saved whole."""
