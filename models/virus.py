"""Which viruses were found in files that were sent, and when; nothing of the file or its sender.

For whoever runs the installation, who sees by it that the scanner works, and that some machine may
need a look. The file itself is kept nowhere.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.columns import Moment


class VirusFound(SQLModel, table=True):
    """A file was turned away. `name` is what the scanner calls what it found in it."""

    __tablename__ = "virus_found"
    __table_args__ = (CheckConstraint("length(trim(name)) > 0", name="named"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Moment, index=True)
    name: str
