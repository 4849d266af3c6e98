"""The shop's programs: `upgrade`, `fill` and `use`, each with the URL of a database."""

from __future__ import annotations

import json
import sys
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic_shop.models import Customer, Order, State
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

MOMENT = datetime(2024, 2, 29, 12, 30, 15, 250000)


def upgrade(url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("sqlalchemy.url", url)
    command.upgrade(config, "head")


def fill(url: str) -> None:
    with Session(create_engine(url)) as session, session.begin():
        customers = [Customer(email=f"{number}@example.com") for number in range(6)]
        session.add_all(customers)
        session.flush()
        customers[0].advised_by = customers[5].id
        for number in range(30):
            session.add(
                Order(
                    number=uuid.UUID(int=number + 2**100),
                    customer=customers[number % 5],
                    state=list(State)[number % 3],
                    total=Decimal(number) + Decimal("0.25"),
                    rate=number / 3 if number % 4 else None,
                    gift=bool(number % 2),
                    due=date(2024, 1, 1) + timedelta(days=number),
                    at=time(number % 24, 5, 6, number),
                    placed=MOMENT + timedelta(seconds=number),
                    paid=MOMENT.replace(tzinfo=UTC) if number % 3 else None,
                    patience=timedelta(days=number, microseconds=number) if number % 2 else None,
                    lines=[f"line {number}", "ä"],
                    extra={"z": 1, "a": [number / 8, None]} if number % 5 else None,
                    label=bytes([number, 255]),
                )
            )


def use(url: str) -> dict[str, object]:
    """Use the models as an application does; say what was found and what the database accepted."""
    with Session(create_engine(url)) as session:
        order = session.scalars(select(Order).where(Order.number == uuid.UUID(int=7 + 2**100))).one()
        assert isinstance(order.patience, timedelta)
        found: dict[str, object] = {
            "orders": session.scalar(select(func.count()).select_from(Order)),
            "total": float(session.scalar(select(func.sum(Order.total))) or 0),
            "sent": session.scalar(select(func.count()).where(Order.state == State.sent)),
            "gifts": session.scalar(select(func.count()).where(Order.gift)),
            "order": [order.state.value, str(order.due), str(order.at), str(order.placed), str(order.patience)],
            "json": [order.lines, order.extra],
            "label": order.label and order.label.hex(),
            "customer": order.customer.email,
            "advised by": session.get(Customer, 1).advised_by,  # type: ignore[union-attr]
        }
        customer = Customer(email="new@example.com")
        session.add(customer)
        session.flush()
        found["next customer"] = customer.id
        session.add(Customer(email="1@example.com"))
        try:
            session.flush()
            found["duplicate"] = "accepted"
        except IntegrityError:
            found["duplicate"] = "refused"
        session.rollback()
    return found


if __name__ == "__main__":
    result = {"upgrade": upgrade, "fill": fill, "use": use}[sys.argv[1]](sys.argv[2])
    print(json.dumps(result, sort_keys=True))
