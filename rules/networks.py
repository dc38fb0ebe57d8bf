"""Where a request comes from: the address behind our own proxies, and the block that it stands in.

Pure. An address says little of who asks: a household has a whole block of IPv6, and many a person
in a municipality the same address. So what is counted, is counted by block.
"""

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Network = IPv4Network | IPv6Network
_BLOCKS = {4: 24, 6: 64}  # bits that neighbours have in common


def from_whom(peer: str, forwarded: str, proxies: Sequence[Network]) -> str:
    """The nearest address on the way that is not one of our proxies'.

    X-Forwarded-For is read from the right: a proxy adds the address that asked it, and what stands
    to the left of a stranger's address is only what the stranger says.
    """
    nearest = peer
    for hop in reversed(forwarded.split(",")):
        if not _is_one_of(nearest, proxies) or _address(hop) is None:
            break
        nearest = str(_address(hop))
    return nearest


def block(words: str) -> str:
    """The block of neighbours that an address stands in; what is no address stands for itself."""
    address = _address(words)
    if address is None:
        return words
    return str(ip_network((address, _BLOCKS[address.version]), strict=False))


def _is_one_of(words: str, networks: Sequence[Network]) -> bool:
    address = _address(words)
    return address is not None and any(address in network for network in networks)


def _address(words: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it: maybe with a port, maybe IPv4 within IPv6."""
    plain = words.strip().strip('"')
    if plain.startswith("["):
        plain = plain[1:].partition("]")[0]
    elif plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        found = ip_address(plain.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
