"""Every table, imported: whoever needs the whole of the metadata imports this."""

from models import activity, decision, group, letter, person, plan, round, status

__all__ = ["activity", "decision", "group", "letter", "person", "plan", "round", "status"]
