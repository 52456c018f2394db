"""The pages of an archive, for people: headings and values in words."""

from zipfile import ZipFile

import sqlalchemy as sa
from bs4 import BeautifulSoup

from portal.app.archives.table_labels import TABLES
from portal.app.archives.value_labels import VALUES
from portal.communication.directory.field_labels import find_column_label
from portal.platform.kernel.database import Base

FRENCH_TOO = frozenset({"service", "description"})


def test_pages_say_columns_and_codes_in_words(archive):
    with ZipFile(archive) as opened:
        pages = [opened.read(name).decode() for name in opened.namelist() if name.endswith(".html")]
        tables = {name[5:-5] for name in opened.namelist() if name.startswith("data/")}
    soups = [BeautifulSoup(page, "html.parser") for page in pages]
    headings = {head.text for soup in soups for head in soup.select("dt")}
    columns = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
    assert len(headings) > 50
    bare = {each for each in headings if "_" in each or (each in columns and each not in FRENCH_TOO)}
    assert bare == set()
    assert len(tables & TABLES.keys()) > 20
    codes = {value.value for value in VALUES if "_" in value.value}
    assert codes.isdisjoint(cell.text for soup in soups for cell in soup.select("dd"))


def test_every_code_of_what_pages_show_has_a_label():
    assert TABLES.keys() <= Base.metadata.tables.keys(), "none of a table that is gone"
    columns = [column for name in TABLES for column in Base.metadata.tables[name].columns]
    of_codes = [
        column for column in columns if isinstance(column.type, sa.Enum) and find_column_label(column.name)
    ]
    assert len(of_codes) > 30
    bare = {
        f"{column.table.name}.{column.name}"
        for column in of_codes
        if not set(column.type.enum_class) <= VALUES.keys()
    }
    assert bare == set()
