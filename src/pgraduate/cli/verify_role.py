"""How `pgraduate verify --as ROLE` looks: one line per object, a column per right."""

from __future__ import annotations

from typing import Any

from pgraduate.cli import output

_TABLE_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def text(document: dict[str, Any]) -> str:
    lines = [
        f"role     {document['role']}{_attributes(document)}",
        f"schemas  {', '.join(document['schemas'])}",
        "",
    ]
    relations: dict[tuple[str, str], dict[str, str]] = {}
    others: dict[tuple[str, str], list[bool]] = {}
    for right in document["rights"]:
        if right["kind"] in ("table", "view"):
            relations.setdefault((right["kind"], right["name"]), {})[right["privilege"]] = _word(right)
        else:
            name = "" if right["kind"] in ("sequence", "function") else right["name"]
            others.setdefault((f"{right['privilege']} on {right['kind']}", name), []).append(right["can"])
    rows = [
        (kind, name, *(found.get(privilege, "") for privilege in _TABLE_RIGHTS))
        for (kind, name), found in relations.items()
    ]
    if rows:
        lines += [output.columns([("", "", *_TABLE_RIGHTS), *rows]), ""]
    lines.append(
        output.columns(
            [
                (title, name, f"{sum(can)} of {len(can)}" if not name else _yes(can[0]))
                for (title, name), can in others.items()
            ]
        )
    )
    for table in document["row_security"]:
        acts = "filters this role" if table["applies"] else "does not apply to this role"
        lines.append(f"row-level security on {table['table']}: {table['policies']} policies, {acts}")
    return "\n".join(lines)


def _attributes(document: dict[str, Any]) -> str:
    names = (("superuser", "superuser"), ("bypasses_row_security", "bypasses row-level security"))
    found = [label for key, label in names if document[key]] + ([] if document["can_login"] else ["cannot log in"])
    return f" ({', '.join(found)})" if found else ""


def _word(right: dict[str, Any]) -> str:
    return "columns" if right["granted"] == "columns" else _yes(right["can"])


def _yes(can: bool) -> str:
    return "yes" if can else "no"
