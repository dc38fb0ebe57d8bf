"""Nobody reaches further than her role: every form and query, as every role, across the border."""
