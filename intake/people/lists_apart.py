"""A list of people or of groups that somebody sent, read and understood in a process of its own.

The command line reads its own files where it stands (`lists.py`, `group_list.py`).
"""

from typing import IO

from intake.documents import File
from intake.made_apart import made_of_file
from intake.people.group_list import GroupsRead, is_group_list, read_groups
from intake.people.list_files import check_kind
from intake.people.lists import PeopleDraft, people_in
from intake.readers.apart import libraries_for


def list_of_file(name: str, file: File, *, max_bytes: int) -> PeopleDraft | GroupsRead:
    """The people or the groups of a list. Raises `Refusal` when none of it can be read."""
    check_kind(name)
    return made_of_file(list_in, name, file, str(max_bytes), libraries=libraries_for(name))


def list_in(name: str, file: IO[bytes], max_bytes: str) -> PeopleDraft | GroupsRead:
    """In the child: what kind of list it is, and what it says."""
    most = int(max_bytes)
    if is_group_list(name, file, max_bytes=most):
        return read_groups(name, file, max_bytes=most)
    return people_in(name, file, max_bytes=most)
