import csv
import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.project.data_sources.sample_rules import CsvMeter


def measured(*pieces: bytes) -> CsvMeter:
    meter = CsvMeter()
    for piece in pieces:
        meter.take(piece)
    return meter


@pytest.mark.parametrize(
    ("text", "records"),
    [
        (b"", 0),
        (b"\n\n  \n", 0),
        (b"a", 1),
        (b"a;b\r\n1;2\r\n", 2),
        (b"a\rb\rc", 3),
        (b'a,"two\nlines"\nb,c\n', 2),
        (b'"he said ""no""\n\n","x"\n"y"', 2),
        (b'""\n""\n', 2),
        ("\ufeffnom\nÉloïse\n".encode(), 2),
        (b"a\n\n\nb\n", 2),
        (b'a,b\n1,5" pipe\n2,x\n3,6" pipe\n4,z\n', 5),
        (b'a,b\n1,5" pipe\n2,x\n', 3),
        (b'\xef\xbb\xbf"a\nb";c\n1;2\n', 2),
        (b'a; "x\ny"\n1;2\n', 2),
        (b'a\t"x\ny"\n1\t"z"\n', 2),
    ],
)
def test_records_are_counted_as_csv_has_them(text, records):
    assert measured(text).records == records


def test_an_open_quotation_mark_and_bytes_that_are_no_text_are_noticed():
    assert not measured(b'a,"b\nc\n').is_whole
    assert not measured(b"PK\x03\x04\x00\x00").is_text


@pytest.mark.parametrize("start", [b"%PDF-1.4\n1 0 obj\n", b"<html>\n", b"<?xml version='1.0'?>\n"])
def test_a_text_that_is_another_kind_of_file_is_no_table(start):
    assert not measured(start[:3], start[3:]).is_text


field = st.text(alphabet='ab"\n\r;, é', max_size=6)


bare = st.text(alphabet='ab"é', min_size=1, max_size=6).map(lambda text: "x" + text)


@given(st.lists(st.lists(bare, min_size=2, max_size=3), max_size=8), st.integers(1, 7))
def test_a_mark_within_a_field_is_a_character_like_any_other(rows, size):
    data = "".join(",".join(row) + "\n" for row in rows).encode()
    meter = measured(*(data[at : at + size] for at in range(0, len(data), size)))
    read = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert (meter.records, meter.is_whole) == (len(read), True)


@given(st.lists(st.lists(field, min_size=2, max_size=3), max_size=8), st.integers(1, 7))
def test_any_file_counts_the_same_in_pieces_and_as_the_library_reads_it(rows, size):
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    data = out.getvalue().encode()
    meter = measured(*(data[at : at + size] for at in range(0, len(data), size)))
    read = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert meter.records == len(read)
    assert meter.sha256 == hashlib.sha256(data).hexdigest()
    assert (meter.size, meter.is_whole, meter.is_text) == (len(data), True, True)
