"""Whom the organisation's sign-in has said that somebody is, and when she last showed who she is.

Nobody is bound yet: each is at her next sign-in. Whoever is signed in shows it anew before she
changes her address or ends another session.
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of accounts at the organisation, and a moment for each session."""
    op.create_table(
        "organisation_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_organisation_identity_person_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_identity")),
        sa.UniqueConstraint(
            "person_id", "issuer", name=op.f("uq_organisation_identity_person_id_issuer")
        ),
        sa.UniqueConstraint(
            "issuer", "subject", name=op.f("uq_organisation_identity_issuer_subject")
        ),
    )
    op.add_column("signed_in", sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """People are found by their addresses alone."""
    op.drop_column("signed_in", "proved_at")
    op.drop_table("organisation_identity")
