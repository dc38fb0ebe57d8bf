"""Exports of deviation systems: what is read of them, and what is never kept."""
