"""Definitions with a mark in every text field, and texts made to choke a careless search."""

from __future__ import annotations

import base64
import random
from typing import Any

JSON = dict[str, Any]

#: Stands in every field that holds a user's own text.
MARK = "§"


def filled(value: Any, text: str) -> Any:
    """The value with the text in place of every mark, in keys as well."""
    if isinstance(value, str):
        return value.replace(MARK, text)
    if isinstance(value, dict):
        return {filled(key, text): filled(inner, text) for key, inner in value.items()}
    return [filled(inner, text) for inner in value] if isinstance(value, list) else value


def filled_under(value: Any, text: str, keys: frozenset[str], key: str = "") -> Any:
    """The text in place of the marks under some keys, and a plain word in all others."""
    if isinstance(value, dict):
        return {
            filled(name, "x"): filled_under(inner, text, keys, name)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [filled_under(inner, text, keys, key) for inner in value]
    return filled(value, text if key in keys else "x") if isinstance(value, str) else value


# -- texts ---------------------------------------------------------------------------------

_RANDOM = random.Random(7)  # noqa: S311 - any bytes will do
_BASE64 = base64.b64encode(_RANDOM.randbytes(49_152)).decode()
#: What is said over and over; the whole is as long as asked for.
BAIT = {
    "opening braces": "{{",
    "braces with a word": "{{a",
    "closed tokens": "{{contact.x}}",
    "spread braces": "{ {",
    "closing braces": "}}",
    "dollar braces": "${",
    "nested templates": "`${",
    "opened styles": "<style>",
    "opened scripts": "<script ",
    "script tags": "<script>alert(1)</script>",
    "closed styles": "</style>",
    "opened comments": "<!--",
    "half comments": "<!-",
    "opened tags": "<a",
    "angle brackets": "<",
    "entities": "&lt;",
    "ampersands": "&amp",
    "calls": "$(",
    "named calls": "$('A')",
    "half named calls": "$('A",
    "nodes": '$node["',
    "items": "$items(",
    "double quotes": '"',
    "single quotes": "'",
    "backticks": "`",
    "escaped quotes": '\\"',
    "backslashes": "\\",
    "slashes": "/",
    "opened remarks": "/*",
    "remarks": "//",
    "regular expressions": "(/",
    "letters": "a",
    "capitals": "A",
    "digits": "1",
    "dashes": "-",
    "underscores": "_",
    "words": "ab ",
    "nested quantifier bait": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
    "dots": ".",
    "dotted names": "a.",
    "hosts": "www.",
    "addresses": "://",
    "http addresses": "http://a",
    "secure addresses": "https://a.b/c?d=e&",
    "credentials in addresses": "://a:b",
    "mail addresses": "a@",
    "at signs": "@",
    "question marks": "?key=",
    "bearers": "Bearer ",
    "basics": "basic abcdefghij",
    "keys": "key",
    "assigned keys": 'api_key="',
    "half assigned keys": "token:'",
    "passwords": "password=",
    "key forms": "sk-",
    "token forms": "eyJ",
    "three part tokens": "eyJabcdefghijkl.",
    "telegram forms": "1:AA",
    "private keys": "-----BEGIN PRIVATE KEY-----",
    "placeholders": "YOUR_",
    "example hosts": "example.",
    "open brackets": "[",
    "bracketed words": "[a",
    "to do": "TODO ",
    "lorem ipsum": "lorem ipsum ",
    "opened parentheses": "(",
    "closed parentheses": ")",
    "parentheses": "()",
    "blanks": " ",
    "tabs": "\t",
    "lines": "\n",
    "windows lines": "\r\n",
    "combining marks": "a\u0301",
    "directions": "\u202e\u200f",
    "zero widths": "\u200b",
    "emoji": "\U0001f469\u200d\U0001f4bb",
    "wide digits": "\uff11",
    "dotted capital": "\u0130",
    "surrogates": "\ud800",
    "nulls": "\0",
    "commas": ",",
    "semicolons": ";",
    "equals": "=",
    "equal braces": "={{ ",
    "hashes": "#",
    "percent": "%a",
    "queries": "SELECT ",
    "statements": "select * from a where b = {{ $json.c }} ",
    "select and from": "insert into ",
    "returns": "return ",
    "fetches": "fetch(",
    "quoted fetches": 'fetch("http://a',
    "requires": "require('fs')",
    "reminders": "see you ",
    "opt outs": "reply STOP to ",
    "codes": "your code ",
    "months": "30/12/",
    "triple quotes": '"""',
    "module reads": "{{1.",
    "backtick fields": "{{1.`a",
    "base64": _BASE64,
    "hexadecimal": _RANDOM.randbytes(30_000).hex(),
    "pickles": "[[[[((((",
}


#: The same with a number for every ``#``, so that no two are equal.
NUMBERED = {
    "secrets": "api_key='x7Kq9ZtB4#aA' ",
    "passwords": 'password: "hG4!kd#Zz", ',
    "basics": "Authorization: Basic YWxhZGRpbjpvcGVuc2VzYW1l# ",
    "forms of keys": "sk_live_4eC39HqLyjWDarjtT1zdp7dc# ",
    "urls with secrets": "http://u:pw9K#x@h#.acme.io/a?token=8fK2#pQ9z ",
    "called urls": "fetch('http://h#.acme.io/p#');\n",
    "local urls": "axios.get('http://localhost:#/webhook-test/#');\n",
    "record ids": "'recA1b2C3d4E5f#' ",
    "placeholders": "YOUR_KEY_# [NAME] your-domain#.com ",
    "merge fields": "{{contact.field_#}} ",
    "odd merge fields": "{{ custmer#.name }} {{Contact.First#}} ",
    "step reads": "{{ $('Step #').item.json.a }} ",
    "old step reads": '{{ $node["Step #"].json.a }} ',
    "module reads": "{{#.value}} ",
    "styles": "<style>a#</style><!-- # --><b>x</b>",
    "short links": "https://bit.ly/a# ",
    "mails": "ann#@acme.io ",
    "locations": "/locations/abcdefghijklmnop# ",
    "statements": "SELECT * FROM a WHERE b = '{{ $json.c# }}'; ",
}


def hostile(bait: str, length: int) -> str:
    """The bait over and over."""
    return (bait * (length // len(bait) + 1))[:length]


def numbered(bait: str, length: int) -> str:
    """The bait over and over, with another number each time."""
    parts = (bait.replace("#", str(n)) for n in range(10**6, 10**6 + length // len(bait) + 1))
    return "".join(parts)[:length]
