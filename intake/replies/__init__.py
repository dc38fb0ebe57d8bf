"""Answers that come as mail: what somebody wrote herself in a reply, and which of it is understood.

Pure: what becomes of it is `intake/lives/by_mail.py`'s, and who may say it `flows/mail_in.py`'s.
"""
