"""Prefect flows: when, in what order, retried how. Never imports the pages, nor they this room."""
