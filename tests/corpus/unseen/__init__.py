"""A batch of the corpus drawn without knowing the reader: plans and lists of people."""
