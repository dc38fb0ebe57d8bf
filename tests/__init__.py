"""Tests read as sentences about Alice, Bob, Charlie and their activities."""
