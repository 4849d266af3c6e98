"""Use the site as its application does, and print what it finds; fails where something does not work."""

from __future__ import annotations

import datetime
import json

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.db import IntegrityError, transaction  # noqa: E402
from django.db.models import Count, Sum  # noqa: E402
from django_site.library.models import Book, Note, Shelf  # noqa: E402

editor, deleter = User.objects.get(username="reader0"), User.objects.get(username="reader1")
book = Book.objects.get(title="title 7")
found = {
    "books": Book.objects.count(),
    "per shelf": list(Book.objects.values_list("shelf__name").annotate(Count("id")).order_by("shelf__name")),
    "price": float(Book.objects.aggregate(Sum("price"))["price__sum"]),
    "moment": book.seen.isoformat(),
    "opens": book.opens.isoformat(),
    "loan": book.loan.total_seconds(),
    "details": book.details,
    "cover": bytes(book.cover).hex(),
    "scanner": book.scanner,
    "readers": sorted(book.readers.values_list("username", flat=True)),
    "tagged": Book.objects.filter(details__deep__none=None, details__tags__1="b7").count(),
    "notes": Note.objects.filter(kind=ContentType.objects.get_for_model(Book)).count(),
    "subject": Note.objects.order_by("id").first().subject.title,
    "rights": [editor.has_perm("library.change_book"), deleter.has_perm("library.delete_shelf")],
    "password": editor.check_password("secret"),
}
with transaction.atomic():
    shelf = Shelf.objects.create(name="new", parent=Shelf.objects.get(name="shelf 1"))
    found["next shelf"] = shelf.id
    found["next user"] = User.objects.create_user("late").id
    Book.objects.create(title="new", shelf=shelf, price=1, seen=datetime.datetime.now(datetime.UTC))
    Book.objects.filter(title="new").update(pages=12)
    found["changed"] = Book.objects.get(title="new").pages
    transaction.set_rollback(True)
for name, attempt in {
    "duplicate": lambda: Shelf.objects.create(name="shelf 1"),
    "orphan": lambda: Book.objects.create(title="x", shelf_id=999, price=1, seen=book.seen),
}.items():
    try:
        with transaction.atomic():
            attempt()
        found[name] = "accepted"
    except IntegrityError:
        found[name] = "refused"
print(json.dumps(found, sort_keys=True))
