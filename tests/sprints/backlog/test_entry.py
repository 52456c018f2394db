import pytest

from portal.sprints.backlog import rank_rules
from portal.sprints.backlog.entry_rules import EntryLine, parse_entry
from portal.sprints.backlog.models import ItemKind


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("Annoter 200 images", EntryLine(title="Annoter 200 images")),
        ("5 Annoter", EntryLine(title="Annoter", points=5)),
        ("bug : 3 L’export plante", EntryLine(title="L’export plante", kind=ItemKind.BUG, points=3)),
        ("Données: Demander l’accès", EntryLine(title="Demander l’accès", kind=ItemKind.DATA)),
        ("model: 8 Retrain", EntryLine(title="Retrain", kind=ItemKind.MODEL, points=8)),
        ("Hérault : 3 communes", EntryLine(title="Hérault : 3 communes")),  # not a kind
        ("- 3 communes à relire", EntryLine(title="3 communes à relire")),
        ("2019 : relire les vols", EntryLine(title="2019 : relire les vols")),
        ("500 dalles à dessiner", EntryLine(title="500 dalles à dessiner")),  # too many for points
        ("7", EntryLine(title="7")),
        ("bug :", EntryLine(title="bug :")),
    ],
)
def test_a_line_says_what_an_item_is(line, meant):
    assert list(parse_entry(line)) == [meant]


def test_each_line_is_an_item_and_empty_ones_are_none():
    assert [typed.title for typed in parse_entry("Un\n\n  \r\nDeux\n")] == ["Un", "Deux"]


def test_ranks_leave_room_until_there_is_none():
    assert rank_rules.rank_between(None, None) == 0
    assert rank_rules.rank_between(None, 5) < 5
    assert rank_rules.rank_between(5, None) > 5
    lower, upper = 0, rank_rules.GAP
    for _ in range(20):
        upper = rank_rules.rank_between(lower, upper)
        assert lower < upper
    assert rank_rules.rank_between(lower, upper) is None


def test_several_ranks_keep_their_order_on_either_side():
    for given in (
        rank_rules.list_ranks_before(7, 3),
        rank_rules.list_ranks_before(None, 3),
        rank_rules.list_ranks_after(7, 3),
    ):
        assert given == sorted(set(given))
    assert rank_rules.list_ranks_before(7, 3)[-1] < 7 < rank_rules.list_ranks_after(7, 3)[0]
