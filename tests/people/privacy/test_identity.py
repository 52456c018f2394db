"""What names a person in a text, and the text without it."""

from uuid import UUID

import pytest

from portal.people.privacy.identity_rules import patterns_of
from portal.platform.kernel.personal_data import Identity

WHO = UUID(int=7)
ZOE = patterns_of(Identity(WHO, "Zoé Petit", "zoe.petit@demo.example", "zoe-petit"))


@pytest.mark.parametrize(
    "text",
    [
        "Vu avec Zoé Petit hier.",
        "Vu avec ZOE PETIT",
        "Vu avec zoe petit",
        "Petit Zoé, de la DGFiP",
        "Mme Petit a dit oui",
        "Écrire à Zoe.Petit@demo.example",
        "@zoe-petit peux-tu relire ?",
        {"a": ["rien", {"b": "Zoé Petit"}]},
    ],
)
def test_names_addresses_and_handles_are_found_and_taken_out(text):
    assert ZOE.find_in(text)
    assert not ZOE.find_in(ZOE.redact(text))


@pytest.mark.parametrize(
    "text",
    [
        "Un petit pas",
        "Zoé Petitjean",
        "Zoé",
        "zoe-petit",
        "a.zoe.petit@demo.example",
        "@zoe-petite",
        12,
        None,
    ],
)
def test_other_words_stay(text):
    assert not ZOE.find_in(text)
    assert ZOE.redact(text) == text


def test_the_rest_of_the_text_stays_as_it_was():
    assert ZOE.redact("Été : Zoé Petit, élève d’Évry, zoe.petit@demo.example.") == (
        f"Été : ancien membre, élève d’Évry, {WHO.hex}@erased.invalid."
    )


def test_an_excerpt_is_short_and_holds_the_name():
    text = "x" * 500 + " Zoé Petit " + "y" * 500
    assert "Zoé Petit" in ZOE.excerpt(text)
    assert len(ZOE.excerpt(text)) < 200
    assert ZOE.excerpt("rien") == ""


def test_a_single_name_and_a_short_family_name_are_not_sought_alone():
    lone = patterns_of(Identity(WHO, "Li Bo", "li@demo.example", "li"))
    assert lone.find_in("Vu Li Bo")
    assert not lone.find_in("Bo et Li")
