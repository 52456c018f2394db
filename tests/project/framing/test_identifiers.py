import pytest

from portal.project.framing.identifier_rules import find_identifiers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Écrire à claire.martin@ville.example demain.", ["claire.martin@ville.example"]),
        ("a.b+c@x-y.gouv.fr", ["a.b+c@x-y.gouv.fr"]),
        ("Rappeler le 06 12 34 56 78.", ["06 12 34 56 78"]),
        ("0612345678", ["0612345678"]),
        ("04.67.11.22.33", ["04.67.11.22.33"]),
        ("01-23-45-67-89", ["01-23-45-67-89"]),
        ("01\u00a023\u00a045\u00a067\u00a089", ["01\u00a023\u00a045\u00a067\u00a089"]),
        ("+33 6 12 34 56 78", ["+33 6 12 34 56 78"]),
        ("+33 (0)6 12 34 56 78", ["+33 (0)6 12 34 56 78"]),
        ("0033612345678", ["0033612345678"]),
        ("deux fois a@b.fr, a@b.fr", ["a@b.fr"]),
    ],
)
def test_what_tells_who_somebody_is_is_found(text, found):
    assert find_identifiers(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ils traitent 20 000 lettres par an, dont 4 000 annotées.",
        "Le 12/03/2026 à 14 h 30, trois contrôleurs.",
        "Dossier 2026-0612345678901.",
        "@claire a raison",
        "SIRET 130 025 265 00013",
        "de 0,48 à 0,61",
    ],
)
def test_numbers_and_dates_are_left_alone(text):
    assert find_identifiers(text) == []
