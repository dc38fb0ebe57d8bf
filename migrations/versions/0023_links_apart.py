"""Letters on file hold marks where their links will stand, and nothing that opens a link.

The links that are out in letters open as before: it is only the words on file that lose them. What a
letter leads to is read from the link itself; its signature is made anew when a letter is mailed.
"""

import json
import re
import zlib
from base64 import urlsafe_b64decode
from binascii import Error

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_BEGIN, _END = "\ue0f1", "\ue0f2"
_KINDS = "svar|rapport|kalender|logga-in/lank"
_LINK = re.compile(rf"https?://[^\s\"'<>]*?/({_KINDS})/([^\s\"'<>]+)")
_AT_A_TIME = 200
_TOO_LATE = "Länken att logga in med hann gå ut när Följsam uppdaterades."


def upgrade() -> None:
    """1. A column for what a letter leads to. 2. Marks in place of links, letter by letter.

    3. What mail servers gave back loses its links too. 4. A letter to sign in with that has not gone
    is given up: its link lives for minutes, and cannot be made anew.
    """
    op.add_column("letter", sa.Column("leads_to", sa.String(), nullable=False, server_default=""))
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        # What is replaced must not be left in the file.
        bind.exec_driver_sql("PRAGMA secure_delete = ON")
    _mark_letters(bind)
    _clean_what_servers_said(bind)
    op.execute(
        sa.text(
            "UPDATE letter SET state = 'failed', server_said = :said "
            "WHERE kind = 'sign-in' AND state IN ('queued', 'sending')"
        ).bindparams(said=_TOO_LATE)
    )


def _mark_letters(bind: sa.Connection) -> None:
    some = sa.text(
        "SELECT id, link_id, text, html FROM letter WHERE id > :last AND link_id IS NOT NULL "
        "OR id > :last AND kind = 'sign-in' ORDER BY id LIMIT :most"
    )
    put = sa.text("UPDATE letter SET text = :text, html = :html, leads_to = :to WHERE id = :id")
    last = 0
    while rows := bind.execute(some, {"last": last, "most": _AT_A_TIME}).all():
        last = rows[-1].id
        bind.execute(put, [_marked(row) for row in rows])


def _marked(row: sa.Row[tuple[int, int | None, str, str]]) -> dict[str, object]:
    """A letter's words with marks, and the pages that they stand for."""
    pages: dict[str, None] = {}

    def mark(link: re.Match[str]) -> str:
        page = _page(link[1], link[2], row.link_id)
        if page is None:
            return f"{_BEGIN}{link[1]}{_END}"
        pages[page] = None
        return f"{_BEGIN}{page}{_END}"

    text, html = _LINK.sub(mark, row.text), _LINK.sub(mark, row.html)
    return {"text": text, "html": html, "to": " ".join(pages), "id": row.id}


def _page(kind: str, token: str, link_id: int | None) -> str | None:
    """Which page of the letter's own link it was; None for anything else."""
    held = _held(token)
    if kind == "svar" and held is not None and held == link_id:
        return "svar"
    if kind == "rapport" and isinstance(held, list) and len(held) == 2 and held[0] == link_id:
        return f"rapport/{int(held[1])}"
    return None


def _held(token: str) -> object:
    """What a link says, which its signature vouches for; None when it says nothing."""
    words, _, signature = token.rpartition(".")
    if not words or not signature:
        return None
    try:
        data = urlsafe_b64decode(words.lstrip(".") + "=" * (-len(words.lstrip(".")) % 4))
        return json.loads(zlib.decompress(data) if words.startswith(".") else data)
    except (Error, ValueError, zlib.error):
        return None


def _clean_what_servers_said(bind: sa.Connection) -> None:
    for table, key, column in (
        ("letter", "id", "server_said"),
        ("bounce", "id", "said"),
        ("person", "id", "unreachable_why"),
    ):
        said = sa.text(
            f"SELECT {key}, {column} FROM {table} WHERE {column} LIKE '%/svar/%' "  # noqa: S608
            f"OR {column} LIKE '%/rapport/%' OR {column} LIKE '%/logga-in/lank/%'"
        )
        put = sa.text(f"UPDATE {table} SET {column} = :said WHERE {key} = :key")  # noqa: S608
        for number, words in bind.execute(said).all():
            cleaned = re.sub(rf"(/(?:{_KINDS})/)[^\s\"'<>]+", r"\1…", words)
            bind.execute(put, {"said": cleaned, "key": number})
