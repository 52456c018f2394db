"""Browser test: an administrator joins the two accounts of an agent who changed address."""

import pytest

from tests.journeys.windows import BOTH

pytestmark = pytest.mark.browser

TEAMS = ("ineris", "shom")  # each window joins members of another


def test_an_administrator_joins_two_accounts(visitor, width, script):
    team = TEAMS[BOTH.index((width, script))]
    goes, stays = f"agent2-{team}@demo.example", f"agent1-{team}@demo.example"
    window = visitor(width, script=script)
    window.enter("admin@demo.example", f"/people?q={goes}")
    window.page.locator("tbody a, main li a").filter(visible=True).first.click()
    window.sees(goes)
    window.follow("Réunir deux comptes")
    window.finds_no_fault()
    window.fill("Adresse de l’autre compte", stays)
    window.page.get_by_text("L’autre compte reste").click()
    window.press("Voir ce qui se passerait")
    window.sees(f"({goes}) disparaît")
    window.finds_no_fault()
    window.fill("Pourquoi ces deux comptes", "Elle a changé de ministère")
    window.fill("Pour confirmer", goes)
    window.press("Réunir les deux comptes")
    window.sees("Les deux comptes sont réunis.")
    window.sees(stays)
    window.finds_no_fault()
