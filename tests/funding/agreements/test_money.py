"""Amounts typed in both languages, shares, and numbers that others match on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.funding.agreements.models import SHARE_TOTAL
from portal.funding.agreements.money_rules import AmountInvalid, parse_amount, parse_shares, split_amount
from portal.funding.agreements.rules import clean_legal_commitment, clean_parties, parse_parties
from portal.platform.kernel.company_numbers import is_siret
from portal.platform.kernel.errors import RuleBroken

TYPED = [
    ("1234", "fr", 123_400),
    ("1 234,56", "fr", 123_456),
    ("1\u202f234,5 €", "fr", 123_450),
    ("1.234.567,89", "fr", 123_456_789),
    ("12.5", "fr", 1_250),
    ("1,234", "en", 123_400),
    ("€1,234.56", "en", 123_456),
    ("1,234,567", "en", 123_456_700),
    ("0,01", "fr", 1),
]
REFUSED = ["", "0", "0,00", "-5", "\u22125", "1,234", "1.234", "12,345", "1 23", "12 34", "1,2,3", "1.2.3"]
REFUSED += [
    "abc",
    "1e9",
    "1_000",
    "٣",
    "1 000 000 000 000",
    "999999999,999",
    "1,5 2",
    "1,234.567",
    "=1+1",
    "NaN",
]


@pytest.mark.parametrize(("text", "language", "cents"), TYPED)
def test_an_amount_is_read_to_the_cent(text, language, cents):
    assert parse_amount(text, language) == cents


@pytest.mark.parametrize("text", REFUSED)
def test_a_text_that_is_no_amount_is_refused_with_a_sentence(text):
    with pytest.raises(AmountInvalid) as refused:
        parse_amount(text, "fr")
    assert str(refused.value)


@given(st.integers(1, 99_999_999_999))
def test_an_amount_is_read_back_in_both_languages(cents):
    whole, rest = divmod(cents, 100)
    assert parse_amount(f"{whole:,}".replace(",", "\u202f") + f",{rest:02}", "fr") == cents
    assert parse_amount(f"{whole:,}.{rest:02}", "en") == cents


@given(st.integers(1, 10**11), st.lists(st.integers(1, 500), min_size=1, max_size=20))
def test_shares_add_up_and_the_odd_cent_goes_to_the_last(total, parts):
    shares = [part * SHARE_TOTAL // sum(parts) for part in parts]
    shares[-1] += SHARE_TOTAL - sum(shares)
    amounts = split_amount(total, shares)
    assert sum(amounts) == total
    assert list(amounts[:-1]) == [total * share // SHARE_TOTAL for share in shares[:-1]]


def test_shares_are_read_and_their_sum_is_a_hundred():
    assert parse_shares("30 ; 40 %\n30") == [3000, 4000, 3000]
    assert parse_shares("33,33;33,33;33,34") == [3333, 3333, 3334]
    for text in ("", "50;49", "100;0", "a;b", "-10;110", "33,333;66,667"):
        with pytest.raises(AmountInvalid):
            parse_shares(text)


def test_numbers_that_others_match_on_have_their_format():
    assert is_siret("11000201100044")
    assert is_siret("35600000000048")
    assert not is_siret("11000201100045")
    assert clean_parties(parse_parties("INRAE ; 180 070 039 01803\n")) == [("INRAE", "18007003901803")]
    assert clean_legal_commitment("21 0000 0001") == "2100000001"
    assert clean_legal_commitment(" ") is None
    for number in ("123", "21000000012", "21A0000001", "٢١٠٠٠٠٠٠٠١"):
        with pytest.raises(RuleBroken):
            clean_legal_commitment(number)
    for text in ("Sans numéro", "X ; 123", "; 11000201100044", "X ; 11000201100045"):
        with pytest.raises(RuleBroken):
            clean_parties(parse_parties(text))
