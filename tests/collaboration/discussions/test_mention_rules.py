"""Names after `@` in a text, and the handles that are stored for them."""

import pytest

from portal.collaboration.discussions.mention_queries import list_mentionable_people, resolve_mentions
from portal.collaboration.discussions.mention_rules import replace_names_with_handles, show_names
from portal.collaboration.discussions.quotation_rules import remove_quotes_and_code
from portal.people.programmes.models import PolicyScope
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.collaboration.discussions.conftest import Table, named
from tests.support import factories

HANDLES = {"Anne Martin": "anne-martin", "Camille": "camille-2", "camille-2": "", "Jo Roux": "", "Jo": "jo-3"}
CODE = ["`@Anne Martin`", "``a ` @Anne Martin``", "```\n@Anne Martin\n\n@Jo\n```", "~~~py\n@Anne Martin"]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Merci @Anne Martin, et @Camille.", "Merci @anne-martin, et @camille-2."),
        ("@anne martin", "@anne-martin"),
        ("@camille-2 et @Camille-2", "@camille-2 et @Camille-2"),
        ("@Anne Martin-Dupont, @Jo-Anne", "@Anne Martin-Dupont, @Jo-Anne"),
        ("@Anne Martin - merci", "@anne-martin - merci"),
        ("@Anne Martin.Merci", "@anne-martin. Merci"),
        ("@camille.roux", "@camille.roux"),
        ("@Jo Roux, qui des deux ?", "@Jo Roux, qui des deux ?"),
        ("@Joseph, a@Jo, /@Jo", "@Joseph, a@Jo, /@Jo"),
        ("> @Anne Martin a dit\n@Anne Martin", "> @Anne Martin a dit\n@anne-martin"),
        ("Un ` seul, @Anne Martin", "Un ` seul, @anne-martin"),
        ("Un `\n\n@Anne Martin et `", "Un `\n\n@anne-martin et `"),
        ("`x`@Anne Martin", "`x`@anne-martin"),
        ("```\n@Jo\n```\n@Jo", "```\n@Jo\n```\n@jo-3"),
        *((code, code) for code in CODE),
    ],
)
def test_names_are_stored_as_handles_where_they_are_the_authors_own_words(typed: str, stored: str) -> None:
    assert replace_names_with_handles(typed, HANDLES) == stored


def test_whoever_edits_reads_names_but_quotes_and_code_as_they_are() -> None:
    names = {"anne-martin": "Anne Martin"}
    text = "> @anne-martin a dit\n`@anne-martin` et @anne-martin"
    assert show_names(text, names) == "> @anne-martin a dit\n`@anne-martin` et @Anne Martin"


@pytest.mark.parametrize("cited", ["> @awa a dit", *CODE])
def test_quotes_and_code_are_not_the_authors_own_words(cited: str) -> None:
    assert "@" not in remove_quotes_and_code(cited)
    assert remove_quotes_and_code(f"Oui, @camille.\n{cited}").strip() == "Oui, @camille."


def test_a_name_that_begins_another_mentions_nobody_in_its_place(table: Table) -> None:
    scope = PolicyScope(table.project.id, table.project.programme_id)
    people = {
        handle: factories.role(table.project.id, Role.COACH, named(name, handle))
        for name, handle in (
            ("Camille", "camille-2"),
            ("Anne Martin", "anne-martin"),
            ("Jo Roux", "jo-roux"),
            ("Jo Roux", "jo-roux-2"),
            ("Jo", "jo-3"),
        )
    }
    db.session.commit()
    assert len(list_mentionable_people(scope)) > len(people)
    for text in ("@Anne Martin-Dupont", "@Jo Roux", "`@Anne Martin` et `@jo-3`"):
        assert resolve_mentions(scope, text) == (text, set())
    assert resolve_mentions(scope, "@camille-2") == ("@camille-2", {people["camille-2"].id})
    assert resolve_mentions(scope, "@Anne Martin.Oui") == ("@anne-martin. Oui", {people["anne-martin"].id})
