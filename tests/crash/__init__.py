"""Letters and sudden death: real processes, killed at random moments."""
