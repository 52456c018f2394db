"""What names a person in a text, and the text without it."""

from uuid import UUID

import pytest

from portal.people.privacy.identity_rules import build_name_patterns, select_distinctive_words
from portal.platform.kernel.personal_data import IdentityToErase

WHO = UUID(int=7)
ZOE = build_name_patterns(
    IdentityToErase(
        WHO,
        ("Zoé Petit", "Zoé Quatrebarbes"),
        ("zoe.petit@demo.example", "zoe@earlier.example"),
        "zoe-petit",
        frozenset(("quatrebarbes",)),
    )
)


@pytest.mark.parametrize(
    "text",
    [
        "Vu avec Zoé Petit hier.",
        "Vu avec ZOE PETIT",
        "Vu avec zoe petit",
        "Petit Zoé, de la DGFiP",
        "**Zoé** Petit",
        "entretien-zoe_petit.txt",
        "zoe-petit",
        "Mme Quatrebarbes a dit oui",
        "interview-quatrebarbes.txt",
        "Zoé QUATREBARBES",
        "Écrire à Zoe.Petit@demo.example",
        "Jadis zoe@earlier.example",
        "a.zoe.petit@demo.example",
        "@zoe-petit peux-tu relire ?",
        "le dossier de zquatrebarbes",
        "QuatrebarbesZ a déposé",
        {"a": ["rien", {"b": "Zoé Petit"}]},
        {"name": "interview-quatrebarbes.txt"},
    ],
)
def test_names_addresses_and_handles_are_found_and_taken_out(text):
    assert ZOE.is_named_in(text)
    assert not ZOE.is_named_in(ZOE.redact(text))


@pytest.mark.parametrize(
    "text",
    [
        "Un petit pas",
        "Zoé Petitjean",
        "Zoé",
        "Quatrebarbesque",
        "aquatrebarbes",  # somebody else's
        "@zoe-petite",
        {"kind": "quatrebarbes", "quatrebarbes": 1},  # a code
        12,
        None,
    ],
)
def test_other_words_stay(text):
    assert not ZOE.is_named_in(text)
    assert ZOE.redact(text) == text


def test_the_rest_of_the_text_stays_as_it_was():
    assert ZOE.redact("Été : Zoé Petit, élève d’Évry, zoe.petit@demo.example.") == (
        "Été : ancien membre, élève d’Évry, adresse effacée."
    )
    assert ZOE.redact("zoe@earlier.example") == f"{WHO.hex}@erased.invalid", "a column of addresses"
    assert ZOE.redact("CV-Quatrebarbes-Zoe-QUATREBARBES.txt") == "CV-ancien membre.txt"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("**Zoé** Petit a dit", "**ancien** membre a dit"),
        ("vu par *Zoé Petit*", "vu par *ancien membre*"),
        ("[Zoé](x) rien", "[Zoé](x) rien"),
        ("**Zoé Petit**", "**ancien membre**"),
        ("Zoé  Petit", "ancien membre"),
        ("vu par Zoé (Petit).", "vu par ancien membre."),
        ("(Zoé Petit)", "(ancien membre)"),
    ],
)
def test_markup_within_a_name_stays_whole(text, redacted):
    assert ZOE.redact(text) == redacted


def test_markup_within_a_name_of_three_words_stays_whole():
    three = build_name_patterns(IdentityToErase(WHO, ("Ada de Lovelace",), ("a@demo.example",), "ada"))
    assert three.redact("Ada **de Lovelace** dit") == "ancien **membre** dit"
    assert three.redact("de Lovelace Ada") == "ancien membre"


def test_an_excerpt_is_short_and_holds_the_name():
    text = "x" * 500 + " Zoé Petit " + "y" * 500
    assert "Zoé Petit" in ZOE.excerpt(text)
    assert len(ZOE.excerpt(text)) < 200
    assert ZOE.excerpt("rien") == ""


def test_short_words_and_words_of_the_programme_are_not_sought_alone():
    assert select_distinctive_words(["Li Bo", "Porteur de démonstration"]) == frozenset()
    assert select_distinctive_words(["Zoé Dupont-Moretti"]) == {"dupont", "moretti"}
    assert select_distinctive_words(["Personne 1037 Zoé"]) == {"personne"}
