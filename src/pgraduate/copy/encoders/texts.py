"""Texts on their way into types that take only some of them: uuid, jsonb, inet, enums, a limited length."""

from __future__ import annotations

import ipaddress
import json
import uuid

from psycopg.types.json import Jsonb

from pgraduate.copy.encoders.refusal import Encoder, NotRepresentable
from pgraduate.sqlite.forms.documents import is_json


def boolean_text(detail: str) -> Encoder:
    """Make the encoder for the two words of `detail`, false first."""
    no, yes = detail.split("/")
    words = {no: False, yes: True}

    def encode(value: str) -> bool:
        try:
            return words[value]
        except KeyError:
            raise NotRepresentable(f"a text that is neither '{no}' nor '{yes}'") from None

    return encode


def canonical_uuid(value: str) -> uuid.UUID:
    try:
        parsed = uuid.UUID(value)
    except ValueError:
        raise NotRepresentable("a text that is not a UUID") from None
    if str(parsed) != value:
        raise NotRepresentable("a UUID that is not in its canonical lower-case form")
    return parsed


def hex_uuid(value: str) -> uuid.UUID:
    try:
        parsed = uuid.UUID(hex=value)
    except ValueError:
        raise NotRepresentable("a text that is not a UUID") from None
    if parsed.hex != value:
        raise NotRepresentable("a UUID that is not written as 32 lower-case digits")
    return parsed


def json_document(value: str) -> Jsonb:
    """Hand a text over as it is; PostgreSQL parses it."""
    if not is_json(value):
        raise NotRepresentable("a text that is not JSON, or holds a character that jsonb cannot")
    return Jsonb(value, dumps=str)


def address(value: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        parsed = ipaddress.ip_address(value)
    except ValueError:
        raise NotRepresentable("a text that is not an address") from None
    # PostgreSQL writes these with a dotted part, Python with two groups of digits.
    embedded = parsed.version == 6 and int(parsed) >> 32 in (0, 0xFFFF)
    if str(parsed) != value or embedded:
        raise NotRepresentable("an address that is not in its canonical form")
    return parsed


def label(detail: str) -> Encoder:
    """Make the encoder for an enum type of these labels."""
    labels = frozenset(json.loads(detail))

    def encode(value: str) -> str:
        if value not in labels:
            raise NotRepresentable("a text that is none of the enum's labels")
        return value

    return encode


def characters(limit: int) -> Encoder:
    """Make the encoder that lets no text pass which is longer than a type's limit."""

    def encode(value: str) -> str:
        if len(value) > limit:
            raise NotRepresentable(f"a text of more than {limit} characters")
        return value

    return encode
