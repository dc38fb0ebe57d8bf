"""A watcher elsewhere is called after each round, so that silence too is noticed.

As healthchecks.io and its kind want it: the address itself after a round that went well, with
`/fail` at its end after one that did not. A watcher that does not answer never fails a round.
"""

import logging

import httpx

from config.settings import Settings
from models.post_hold import nothing_leaves

_TIMEOUT = 5
_log = logging.getLogger("foljsam.ping")


def ping(settings: Settings, *, well: bool) -> None:
    """Tell the watcher, if there is one; a restored copy that is held tells nobody."""
    if not settings.ping_url or nothing_leaves(settings):
        return
    address = settings.ping_url.rstrip("/") + ("" if well else "/fail")
    try:
        httpx.get(address, timeout=_TIMEOUT).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:  # the address is a secret: not in the log
        _log.warning("the watcher (FOLJSAM_PING_URL) does not answer: %s", type(error).__name__)
