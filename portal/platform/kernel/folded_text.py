"""A text column without case and accents, in statements of both engines: to look for folded words in it."""

from functools import lru_cache
from sqlite3 import Connection
from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from portal.platform.kernel.text import fold

_FUNCTION = "portal_fold"
_LETTERS = [chr(code) for code in range(0x00C0, 0x0250)]
_PLAIN_LETTERS = {letter: fold(letter) for letter in _LETTERS if fold(letter) != letter}
_SINGLE = {letter: plain for letter, plain in _PLAIN_LETTERS.items() if len(plain) == 1}
_LIGATURES = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"}


class FoldedText(FunctionElement[str]):
    """`FoldedText(column)`: what `fold` makes of the column; on PostgreSQL of Latin letters alone."""

    type = String()
    inherit_cache = True


@compiles(FoldedText, "sqlite")
def _compile_for_sqlite(element: FoldedText, compiler: SQLCompiler, **options: Any) -> str:
    return f"{_FUNCTION}({compiler.process(element.clauses, **options)})"


@compiles(FoldedText, "postgresql")
def _compile_for_postgresql(element: FoldedText, compiler: SQLCompiler, **options: Any) -> str:
    text = f"lower({compiler.process(element.clauses, **options)})"
    text = f"translate({text}, '{''.join(_SINGLE)}', '{''.join(_SINGLE.values())}')"
    for ligature, letters in _LIGATURES.items():
        text = f"replace({text}, '{ligature}', '{letters}')"
    return text


def add_folding(connection: Connection) -> None:
    """Give a connection of SQLite the function; it reads the same titles again and again."""
    folded = lru_cache(maxsize=4_000)(fold)
    connection.create_function(_FUNCTION, 1, lambda text: folded(text or ""), deterministic=True)
