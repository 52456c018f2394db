"""Hostile input of the fuzz test: values, headers and bodies that are known to break software.

A value is what is sent for one field: bytes once, twice or not at all. All markers contain `fuzz`,
and none may appear as an element, an attribute or a computed result.
"""

import gzip
from dataclasses import dataclass
from uuid import UUID

EVIL = "evil.example"
SUM = "517206927241"  # what {{719171*719171}} gives where it is run; no id is likely to hold it
HUGE = 10**6  # characters
DEEP = 9990  # characters of nested Markdown: a comment takes 10 000
UNLIMITED = 12_000  # characters, for a field without a declared limit
NOBODY = str(UUID(int=0x7191))


@dataclass(frozen=True)
class Nasty:
    """`sent` are the values under the field's name plus `suffix`; () leaves the field out."""

    sent: tuple[bytes, ...]
    suffix: str = ""


def _texts(**values: str) -> dict[str, Nasty]:
    return {name: Nasty((text.encode("utf-8", "surrogatepass"),)) for name, text in values.items()}


def deep(opening: str, length: int) -> str:
    return (opening * length)[:length]


# Valid in free text when cut to its limit: these reach the database and are shown again.
TEXTS = _texts(
    element="<x-fuzz-7 onfuzz=1>fuzz</x-fuzz-7>",
    script="<script>fuzz(7)</script><svg/onload=fuzz(7)>",
    double_quote='"><img src=x onerror=fuzz(7)>" onfuzz="7',
    single_quote="'><img src=x onerror=fuzz(7)>' onfuzz='7",
    closing="</textarea></title></script></select>--><x-fuzz-7>&lt;x-fuzz-7&gt;&#60;x-fuzz-7&#62;",
    formats="%(x)s %(fuzz)d %s %n % {{719171*719171}}${719171*719171}{% raise %} {0} {fuzz.__class__} {",
    sql="fuzz'; DROP TABLE person; -- \" OR 1=1 %_% \\",
    tricks="fu\u200bzz\u2060\ufeff\u202etxt\u202c\u2067\u05d0\u0301\u0489"
    + "\u0301" * 40
    + "\x07\x1b[31m\x85\u2028",
    astral="fuzz \U0001f468\u200d\U0001f469\u200d\U0001f467 \U000e0041\U0010fffd\ufffe\uffff",
    header="fuzz\r\nSet-Cookie: fuzz=7\r\n\r\n<x-fuzz-7>",
    links="[fuzz](javascript:fuzz(7)) <javascript:fuzz(7)> ![f](data:,<x-fuzz-7>) @<x-fuzz-7>",
    address="https://fuzz.example/\"onfuzz=7'<x-fuzz-7>",
    quotes=deep(">", DEEP),
    brackets=deep("[", DEEP),
    stars=deep("*a **a ", DEEP),
    ticks="".join("`" * n + " " for n in range(1, 140)),
    lists=deep("- ", DEEP),
    other_digits="=\u0661\u0662\u0663 \u06f4 \u096b ²",
)
NUMBERS = _texts(
    huge="9" * 40,
    past_32_bits=str(2**31),
    past_64_bits=str(2**63),
    past_floats="9" * 400,
    negative_past_floats="-" + "9" * 400,
    negative="-1",
    very_negative=str(-(2**63) - 1),
    zero="0",
    fraction="0.5",
    exponent="1e5",
    overflow="1e400",
    not_a_number="NaN",
    infinite="-Infinity",
    underscored="1_0",
    arabic_digits="\u0661",
    many_digits="1" * 5000,  # more than Python turns into a number
)
DATES = _texts(
    no_date="0000-00-00",
    last_date="9999-12-31",
    first_date="0001-01-01",
    five_digits="10000-01-01",
    no_such_day="2026-02-30",
    arabic_date="\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0661",
)
IDS = _texts(
    nobody=NOBODY,
    braced="{" + NOBODY + "}",
    malformed=NOBODY[:-1] + "g",
    path="../../../../etc/passwd",
    null="null",
)
BYTES = {
    "nul": Nasty((b"fu\0zz",)),
    "surrogate": Nasty(("fuzz \ud83d".encode("utf-8", "surrogatepass"),)),
    "latin_1": Nasty((b"fuzz \xe9",)),
    "overlong": Nasty((b"fuzz \xc0\x80\xc0\xbc",)),
    "replacement": Nasty(("fuzz \ufffd".encode(),)),
    "empty": Nasty((b"",)),
    "blank": Nasty((" \t\u00a0\u3000\n".encode(),)),
    "space": Nasty((b" ",)),
    "tab": Nasty((b"\t",)),
    "no_break_space": Nasty(("\u00a0".encode(),)),
    "unseen": Nasty(("\u2800\u3164\u00ad".encode(),)),
    "missing": Nasty(()),
    "twice": Nasty((b"fuzz", b"fuzz 2")),
    "array": Nasty((b"fuzz",), suffix="[]"),
    "million": Nasty((b"f" * HUGE,)),
}
VALUES = TEXTS | NUMBERS | DATES | IDS | BYTES
# Computed per field: at its limit, one longer, and the id of another team's row.
MADE = ("at_limit", "past_limit", "theirs")

PATHS = {
    "dots": b"..%2f..%2fetc%2fpasswd",
    "nul": b"a%00b",
    "latin_1": b"%e9",
    "overlong": b"%c0%af",
    "surrogate": b"%ed%a0%80",
    "element": b"%3Cx-fuzz-7%20onfuzz=1%3E",
    "double_quote": b"%22%20onfuzz=%227",
    "percent": b"%25(x)s%25",
    "newline": b"a%0d%0aSet-Cookie:%20fuzz=7",
    "long": b"f" * 3000,
    "longer": b"f" * 9000,
    "huge": b"9" * 40,
    "past_32_bits": str(2**31).encode(),
    "zero": b"0",
    "arabic_digits": b"%D9%A1",
    "nobody": NOBODY.encode(),
    "malformed": NOBODY.encode() + b"0",
    "slashes": b"%2F%2F" + EVIL.encode(),
    "empty": b"",
}
_HEX = {"HX-Request": "true"}
HEADERS: dict[str, dict[str, str]] = {
    "host": {"Host": EVIL},
    "host_port": {"Host": f"localhost:80@{EVIL}"},
    "host_broken": {"Host": "[::1"},
    "host_empty": {"Host": ""},
    "host_two": {"Host": f"localhost, {EVIL}"},
    "host_forwarded": {"X-Forwarded-Host": EVIL, "Forwarded": f"host={EVIL}", "X-Host": EVIL},
    "language_long": {"Accept-Language": "fr," * 5000},
    "language_broken": {"Accept-Language": "fr;q=abc,*;q=,;;=\xff,<x-fuzz-7>;q=9"},
    "referer": {"Referer": f"https://{EVIL}/fuzz"},
    "referer_script": {"Referer": "javascript:fuzz(7)"},
    "referer_broken": {"Referer": "http://[::1"},
    "referer_ours": {"Referer": f"http://localhost/\\{EVIL}?<x-fuzz-7>"},
    "referer_twice": {"Referer": f"http://localhost//{EVIL}/"},
    "hx": _HEX,
    "hx_current": _HEX | {"HX-Current-URL": f"https://{EVIL}/fuzz"},
    "hx_current_broken": _HEX | {"HX-Current-URL": "http://[fuzz"},
    "hx_current_ours": _HEX | {"HX-Current-URL": f"http://localhost//{EVIL}/"},
    "hx_boosted": _HEX | {"HX-Boosted": "true", "HX-Target": "<x-fuzz-7>"},
    "hx_history": _HEX | {"HX-History-Restore-Request": "true"},
    "hx_full": _HEX | {"HX-Request-Type": "full"},
    "hx_garbage": {"HX-Request": "\xff", "HX-Request-Type": "fuzz", "HX-Trigger": '"onfuzz=7'},
    "cookie": {"Cookie": "portal=fuzz; locale=<x-fuzz-7>"},
    "cookie_signed": {"Cookie": "portal=eyJfdXNlcl9pZCI6Mn0.aaaa.bbbb"},
    "cookie_bytes": {"Cookie": "portal=\xff\xfe; \xe9=\xe9; =; ;;;"},
    "cookie_twice": {"Cookie": "portal=a; portal=b; locale=en; locale=fr; locale="},
    "cookie_long": {"Cookie": "portal=" + "f" * 20_000},
    "accept": {"Accept": "application/json"},
    "accept_broken": {"Accept": "text/html;q=fuzz, */*;q=2, ;;, \xff/\xff"},
    "override": {"X-HTTP-Method-Override": "DELETE", "X-Original-URL": "/administrators"},
    "range": {"Range": "bytes=-1-,fuzz", "If-None-Match": '"', "If-Modified-Since": "fuzz"},
    "site": {"Sec-Fetch-Site": "fuzz", "Origin": "null"},
    "authorization": {"Authorization": "Basic \xff\xff", "X-Request-ID": "<x-fuzz-7>"},
    "agent": {"User-Agent": "<x-fuzz-7>\xff%(x)s{0}"},
}
METHODS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "FUZZ")
_FORM = "application/x-www-form-urlencoded"
_PARTS = "multipart/form-data; boundary=fuzz"
_FILE = (
    b'--fuzz\r\nContent-Disposition: form-data; name="goal"; filename="../fuzz<x-fuzz-7>.html"\r\n'
    b"Content-Type: text/html\r\n\r\n<x-fuzz-7>\r\n--fuzz--\r\n"
)
_PART = b'--fuzz\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nfuzz\r\n'
# Content type, body and expected statuses; none: any but a server error.
BODIES: dict[str, tuple[str, bytes, frozenset[int]]] = {
    "empty": (_FORM, b"", frozenset()),
    "no_type": ("", b"goal=fuzz", frozenset()),
    "json": ("application/json", b'{"goal": {"$ne": 1}, "__proto__": []}', frozenset()),
    "json_broken": ("application/json", b"{" * 5000, frozenset()),
    "xml": (
        "application/xml",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        frozenset(),
    ),
    "text": ("text/plain;charset=\xff", b"goal=fuzz", frozenset()),
    "file": (_PARTS, _FILE, frozenset({400, 403, 404})),
    "file_broken": (_PARTS, _FILE[:70], frozenset()),
    "no_boundary": ("multipart/form-data", _FILE, frozenset()),
    "utf_16": (f"{_FORM}; charset=utf-16", "goal=fuzz".encode("utf-16"), frozenset()),
    "no_charset": (f"{_FORM}; charset=fuzz-7", b"goal=%e9", frozenset({400, 403, 404})),
    "gzip": (_FORM, gzip.compress(b"goal=fuzz", mtime=0), frozenset()),
    "many_fields": (_FORM, b"&".join(b"f%d=1" % n for n in range(5000)), frozenset({413})),
    "many_parts": (_PARTS, b"".join(_PART % n for n in range(600)) + b"--fuzz--\r\n", frozenset({413})),
    "separators": (_FORM, b"&" * 5000 + b"=" * 5000 + b";%;%%;%zz", frozenset()),
    "two_megabytes": (_FORM, b"goal=" + b"f" * 2 * HUGE, frozenset({413})),
}
