"""What an address says of where it leads: its origin, and whether it stays on this machine."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def origin(address: str) -> str:
    """What a browser calls the origin of an address: "https://foljsam.example.org:8443"."""
    parts = urlsplit(address)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{parts.scheme}://{(parts.hostname or '').lower()}{port}"


def is_loopback(host: str) -> bool:
    """Is it this machine?"""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
