"""The shop's first revision: its tables as the models have them, and the statuses' first customer."""

from __future__ import annotations

from alembic import op
from alembic_shop.models import Base

revision = "0001"
down_revision = None


def upgrade() -> None:
    Base.metadata.create_all(op.get_bind())


def downgrade() -> None:
    Base.metadata.drop_all(op.get_bind())
