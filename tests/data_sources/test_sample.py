import csv
import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.data_sources.sample import Meter


def measured(*pieces: bytes) -> Meter:
    meter = Meter()
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
    ],
)
def test_records_are_counted_as_csv_has_them(text, records):
    assert measured(text).records == records


def test_an_open_quotation_mark_and_bytes_that_are_no_text_are_noticed():
    assert not measured(b'a,"b\nc\n').is_whole
    assert not measured(b"PK\x03\x04\x00\x00").is_text


field = st.text(alphabet='ab"\n\r;, é', max_size=6)


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
