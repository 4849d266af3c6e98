"""The card as one SVG, for a README or a chat: no script, no font from elsewhere, both colour schemes."""

from __future__ import annotations

from markupsafe import Markup

from pgraduate.finish.card import Card, shown

_LONGEST_TITLE = 34
_LONGEST_LINE = 84

_STYLE = Markup(
    "svg{--paper:#fbfaf7;--ink:#1c2430;--soft:#566072;--line:#e4e1d9;--mark:#1c6b45}"
    ".open{--mark:#7a5200}"
    "@media(prefers-color-scheme:dark){svg{--paper:#12161c;--ink:#e6e9ee;--soft:#9ba6b6;--line:#2b323d;--mark:#7fd1a4}"
    ".open{--mark:#e6bf6d}}"
    "text{font-family:ui-sans-serif,system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif;fill:var(--ink)}"
    ".soft{fill:var(--soft)}.mark{fill:var(--mark)}"
)


def picture(card: Card) -> str:
    """Draw the card; a figure that was not measured says so in words."""
    parts = [
        Markup('<text x="72" y="104" font-size="28" class="soft">{}</text>').format(_cut(card.title, 60)),
        Markup('<text x="72" y="168" font-size="46" font-weight="650" class="mark">{}</text>').format(
            _cut(card.headline, 48)
        ),
    ]
    for place, (name, figure) in enumerate(card.large):
        left = 72 + place * 360
        size = 54 if figure.value is not None else 32
        parts.append(
            Markup(
                '<text x="{}" y="276" font-size="{}" font-weight="650">{}</text>'
                '<text x="{}" y="312" font-size="22" class="soft">{}</text>'
            ).format(str(left), str(size), shown(figure), str(left), name)
        )
    parts.append(Markup('<line x1="72" x2="1128" y1="346" y2="346" stroke="var(--line)" stroke-width="2"/>'))
    parts += _lines(card)
    parts += [
        Markup('<text x="72" y="{}" font-size="20" class="mark">{}</text>').format(
            str(520 + place * 28), _cut(sentence, _LONGEST_LINE)
        )
        for place, sentence in enumerate(card.open[:2])
    ]
    parts.append(Markup('<text x="72" y="594" font-size="18" class="soft">{}</text>').format(card.footer))
    return str(
        _FRAME.format("" if card.good else "open", f"{card.title}: {card.headline}", _STYLE, Markup("").join(parts))
    )


_FRAME = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630" role="img" class="{}">'
    "<title>{}</title><style>{}</style>"
    '<rect width="1200" height="630" fill="var(--paper)"/>'
    '<rect width="1200" height="10" fill="var(--mark)"/>{}</svg>\n'
)


def _lines(card: Card) -> list[Markup]:
    """Lay the smaller figures out in four columns."""
    found: list[Markup] = []
    for place, (name, figure) in enumerate(card.lines[:12]):
        row, column = divmod(place, 4)
        text = Markup('<text x="{}" y="{}" font-size="19"><tspan class="soft">{} </tspan>{}</text>')
        found.append(text.format(str(72 + column * 270), str(392 + row * 38), name, shown(figure)))
    return found


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
