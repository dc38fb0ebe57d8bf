"""Pure decisions: facts in, answers out. No clock, no session, no mail."""
