"""The reports of an archive, made anew from the facts and the words in its `editions.jsonl`."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from models.edition import EditionState, ReportKind
from reports.approval import Approval, Edited, complete
from reports.editions import Frozen, Of
from reports.files import as_files, file_name

_FORMATS = ("html", "pdf")
_APPROVAL: TypeAdapter[Approval] = TypeAdapter(Approval)


def rebuild(folder: Path) -> dict[str, bytes]:
    """Every approved report of an archive made anew from its lines: path in the folder -> bytes."""
    lines = (folder / "editions.jsonl").read_text("utf-8").splitlines()
    editions = [_edited(json.loads(line)) for line in lines]
    approved = [one for one in editions if one.approved]
    approved.sort(key=lambda one: one.frozen.number)
    earlier: dict[Of, Edited] = {}
    made = {}
    for one in approved:
        report = complete(one, earlier.get(one.frozen.of), one.approval.prose)
        earlier[one.frozen.of] = one
        for file_format, data in as_files(_FORMATS, one.frozen, report, None).items():
            name = f"reports/{one.frozen.id:06}-{file_name(one.frozen, report, file_format)}"
            made[name] = data
    return made


def _edited(line: Mapping[str, Any]) -> Edited:
    of = Of(ReportKind(line["kind"]), line["collaboration_id"], line["group_id"], line["period"])
    frozen = Frozen(
        id=line["id"],
        of=of,
        number=line["number"],
        cut_off=date.fromisoformat(line["cut_off"]),
        state=EditionState(line["state"]),
        schema_version=line["schema_version"],
        sha256=line["sha256"],
        facts=line["facts"],
    )
    return Edited(frozen, _APPROVAL.validate_python({n: line[n] for n in Approval.__slots__}))
