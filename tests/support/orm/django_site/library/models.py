"""Models with every kind of field whose type differs between the two engines."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import User
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class Shelf(models.Model):
    name = models.CharField(max_length=40, unique=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE)


class Book(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    title = models.CharField(max_length=80)
    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    weight = models.FloatField(null=True)
    in_print = models.BooleanField(default=True)
    published = models.DateField(null=True)
    opens = models.TimeField(null=True)
    loan = models.DurationField(null=True)
    seen = models.DateTimeField()
    details = models.JSONField(default=dict)
    cover = models.BinaryField(null=True)
    scanner = models.GenericIPAddressField(null=True)
    pages = models.PositiveSmallIntegerField(default=0)
    readers = models.ManyToManyField(User, related_name="reads")


class Note(models.Model):
    text = models.TextField()
    kind = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    number = models.CharField(max_length=40)
    subject = GenericForeignKey("kind", "number")
