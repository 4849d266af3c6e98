"""The schema stage: what a source becomes in PostgreSQL, planned from evidence, reviewable, and taken back exactly."""

from __future__ import annotations

from pgraduate.schema import existing
from pgraduate.schema.operations import CreateTables, FinishObjects, plan_create, plan_finish
from pgraduate.schema.planning import plan
from pgraduate.schema.rendering import render
from pgraduate.schema.roles import role_plans

__all__ = [
    "CreateTables",
    "FinishObjects",
    "existing",
    "plan",
    "plan_create",
    "plan_finish",
    "render",
    "role_plans",
]
