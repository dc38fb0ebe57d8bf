"""Turning decisions into mail: notices, letters, links, the postman."""
