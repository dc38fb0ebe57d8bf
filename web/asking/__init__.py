"""Asking: the page behind a link, status rounds, letters sent and to come, calendar feeds."""
