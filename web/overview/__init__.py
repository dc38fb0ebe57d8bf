"""The overview: what needs attention, which rounds ran, and what watchers ask."""
