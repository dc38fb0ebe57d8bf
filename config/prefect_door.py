"""Where the door to Prefect may stand, and what it must be locked with; refused at start.

Whoever reaches Prefect's API can run code. The settings themselves are `settings.py`'s, the door
is `web/prefect_door.py`.
"""

from urllib.parse import urlsplit

from config.addresses import is_loopback, origin

_SHORTEST = 16  # characters of a password that a program sends, so nobody needs to remember it


def refuse_open(password_line: str, *, away: bool) -> None:
    """Raise `ValueError` where `user:password` is no lock; `away`: the server runs elsewhere."""
    user, _, password = password_line.partition(":")
    if password_line and not (user and len(password) >= _SHORTEST):
        raise ValueError(
            f"FOLJSAM_PREFECT_AUTH must be user:password, {_SHORTEST} characters or more "
            "after the colon"
        )
    if away and not user:
        raise ValueError(
            "FOLJSAM_PREFECT_API_URL needs FOLJSAM_PREFECT_AUTH: what that server has as "
            "PREFECT_SERVER_API_AUTH_STRING"
        )


def refuse_place(door_url: str, pages_url: str, *, signing_in: bool) -> None:
    """Raise `ValueError` where the door would share the pages' origin, host or plain http."""
    if origin(door_url) == origin(pages_url):
        raise ValueError("FOLJSAM_PREFECT_UI_URL must be another host or port than the pages'")
    door = urlsplit(door_url)
    if is_loopback(door.hostname or ""):
        return
    if signing_in and door.scheme != "https":
        raise ValueError("FOLJSAM_PREFECT_UI_URL must begin with https:// when people sign in")
    # Cookies do not know ports: on one host each would be sent to the other.
    if door.hostname == urlsplit(pages_url).hostname:
        raise ValueError("FOLJSAM_PREFECT_UI_URL must have a host name of its own")
