"""A shop on SQLAlchemy, with every generic type that the two engines store apart."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import JSON, DateTime, Enum, ForeignKey, Interval, LargeBinary, Numeric, String, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class State(enum.Enum):
    new = "new"
    paid = "paid"
    sent = "sent"


class Customer(Base):
    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(120), unique=True)
    advised_by: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    orders: Mapped[list[Order]] = relationship(back_populates="customer")


class Order(Base):
    __tablename__ = "order"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[uuid.UUID] = mapped_column(Uuid)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    customer: Mapped[Customer] = relationship(back_populates="orders")
    state: Mapped[State] = mapped_column(Enum(State, name="order_state"))
    total: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    rate: Mapped[float | None]
    gift: Mapped[bool]
    due: Mapped[date | None]
    at: Mapped[time | None]
    placed: Mapped[datetime]
    paid: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    patience: Mapped[timedelta | None] = mapped_column(Interval)
    lines: Mapped[list[str]] = mapped_column(JSON)
    extra: Mapped[dict[str, object] | None] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))
    label: Mapped[bytes | None] = mapped_column(LargeBinary)
    remark: Mapped[str | None] = mapped_column(Text)
