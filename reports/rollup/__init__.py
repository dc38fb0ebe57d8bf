"""Roll-ups: what happened to every activity of a collaboration or a group in a period.

`gather.py` compiles the facts (`shapes.py`) with the figures from `counts.py`, the activities from
`listed.py` and the rest from `around.py`; `blocks.py` and `pictures.py` turn frozen facts into a
report. Whoever wants a report asks `reports/quarter.py`, `reports/year.py` or `show.py`.
"""
