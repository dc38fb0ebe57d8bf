"""How a plan is read from tables: `intake/plans.py` is the door."""
