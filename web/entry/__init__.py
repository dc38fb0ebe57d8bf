"""Signing in: the mailed link, the organisation's own sign-in, and the session that they give."""
