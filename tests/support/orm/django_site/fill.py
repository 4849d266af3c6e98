"""Fill the site with rows through its models."""

from __future__ import annotations

import datetime
from decimal import Decimal

import django

django.setup()

from django.contrib.auth.models import Group, Permission, User  # noqa: E402
from django_site.library.models import Book, Note, Shelf  # noqa: E402

MOMENT = datetime.datetime(2024, 2, 29, 12, 30, 15, 250000, tzinfo=datetime.UTC)

root = Shelf.objects.create(name="everything")
shelves = [Shelf.objects.create(name=f"shelf {number}", parent=root) for number in range(5)]
Shelf.objects.filter(name="shelf 4").delete()
users = [User.objects.create_user(f"reader{number}", password="secret") for number in range(3)]
group = Group.objects.create(name="editors")
group.permissions.set(Permission.objects.filter(codename__in=["change_book", "view_note"]))
users[0].groups.add(group)
users[1].user_permissions.add(Permission.objects.get(codename="delete_shelf"))
for number in range(40):
    book = Book.objects.create(
        title=f"title {number}",
        shelf=shelves[number % 4],
        owner=users[number % 3] if number % 5 else None,
        price=Decimal(number) / 4,
        weight=number / 3 if number % 7 else None,
        in_print=bool(number % 2),
        published=datetime.date(2000, 1, 1) + datetime.timedelta(days=number),
        opens=datetime.time(9, number, 0, number * 1000),
        loan=datetime.timedelta(days=number, seconds=number, microseconds=number),
        seen=MOMENT + datetime.timedelta(seconds=number) if number % 2 else MOMENT.replace(microsecond=0),
        details={"tags": ["a", f"b{number}"], "n": number / 8, "deep": {"none": None}},
        cover=bytes([number, 0, 255]),
        scanner="10.0.0.7" if number % 2 else "2001:db8::7",
        pages=number,
    )
    book.readers.set(users[: number % 4])
    Note.objects.create(text="read it", subject=book)
