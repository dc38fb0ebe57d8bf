"""Signing in: Alice gets in, once and in her own browser; Mallory does not."""
