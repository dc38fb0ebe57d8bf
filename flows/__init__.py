"""Prefect flows: when, in what order, retried how; and what comes by mail.

Never imports the pages, nor they this room.
"""
