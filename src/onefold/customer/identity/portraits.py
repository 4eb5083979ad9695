"""The portrait of a party fragment: its values in the form in which identity compares them."""

from __future__ import annotations

import re

import msgspec

from onefold.customer.fragments.model import Values
from onefold.customer.identity.model import LIKENESS, Portrait
from onefold.customer.identity.names import name_tokens, skeleton, words
from onefold.kernel.memory import remembered
from onefold.record.canon.groups import SAID

NAME_TOKENS_MOST = 6
"""Longer names are cut: keys are made of pairs of tokens, which grow with the square."""

_SENSITIVE = tuple(it.value for it in SAID)
_ADDRESS_PARTS = re.compile(r"\d+|[^\W\d_]+")
# Words that stand in addresses of every street, and in names of every firm.
_GENERIC = frozenset(
    map(
        skeleton,
        """street st road rd avenue ave lane house flat apt apartment building block district city kocha
        kochasi koshasi uy xonadon mahalla mavze tuman ulitsa ul dom kvartira kv korpus
        prospekt pr""".split(),
    )
)
_LEGAL_FORMS = frozenset(
    map(
        skeleton,
        """llc ltd limited inc corp corporation plc gmbh ag jsc ao oao zao pao ooo ip mchj mchzh aj xk hk qk
        ck chp private pvt company firm""".split(),
    )
)


def portrait_of(fragment_id: bytes, values: Values) -> Portrait:
    """What identity looks at of a party fragment that stands with these values."""
    get = values.get
    given, family = get("given_name", ""), get("family_name", "")
    if given and family:
        name = name_tokens(f"{family} {given} {get('middle_name', '')}")
    else:
        name = name_tokens(get("full_name", "") or f"{given} {family}")
    organisation = _organisation(get("organisation_name", ""))
    kind = get("kind", "") or ("organisation" if organisation and not name else "")
    return Portrait(
        fragment_id=fragment_id,
        kind=kind,
        name=name[:NAME_TOKENS_MOST],
        given=name_tokens(given),
        family=name_tokens(family),
        organisation=organisation,
        birth_date=get("birth_date"),
        national_id=get("national_id", ""),
        tax_id=get("tax_id", ""),
        customer_number=get("customer_number", ""),
        identifiers_verified=bool(get("identifiers_verified", False)),
        email=get("email", ""),
        email_verified=bool(get("email_verified", False)),
        phone=get("phone", ""),
        phone_verified=bool(get("phone_verified", False)),
        address=_address(get("address", "")),
        place=_place(get("city", ""), get("postcode", "")),
        since_on=get("since_on"),
        careful=get("guardian") is not None or any(get(it) is True for it in _SENSITIVE),
        said=tuple([get(it) or "" for it in LIKENESS]),
    )


_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder(Portrait).decode


def kept(portrait: Portrait) -> bytes:
    """A portrait as the state keeps it: equal ones are equal bytes."""
    return _ENCODE(portrait)


def portrait_kept(body: bytes) -> Portrait:
    """The portrait that was kept."""
    return _DECODE(body)


@remembered(65_536)
def _organisation(text: str) -> tuple[str, ...]:
    """The tokens of a legal name without the form: `Chorsu Savdo MChJ` and `OOO Chorsu Savdo` are one."""
    return tuple(sorted(token for token in map(skeleton, words(text)) if token not in _LEGAL_FORMS))


@remembered(65_536)
def _address(text: str) -> tuple[str, ...]:
    """Numbers as written and the telling words of an address, sorted."""
    parts = _ADDRESS_PARTS.findall(text.casefold())
    tokens = {part if part.isdigit() else skeleton(part) for part in parts}
    return tuple(
        sorted(token for token in tokens if token not in _GENERIC and (token.isdigit() or len(token) > 2))
    )


@remembered(65_536)
def _place(city: str, postcode: str) -> tuple[str, ...]:
    """What says roughly where: the town, the postcode; either may be missing."""
    town = " ".join(map(skeleton, words(city)))
    code = postcode.replace(" ", "").casefold()
    return tuple(it for it in (f"town {town}" if town else "", f"code {code}" if code else "") if it)
