import pytest

from portal.sprints.backlog import rank_rules
from portal.sprints.backlog.entry_rules import ParsedItemLine, parse_item_lines
from portal.sprints.backlog.models import ItemKind


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("Annoter 200 images", ParsedItemLine(title="Annoter 200 images")),
        ("5 Annoter", ParsedItemLine(title="Annoter", points=5)),
        ("bug : 3 L’export plante", ParsedItemLine(title="L’export plante", kind=ItemKind.BUG, points=3)),
        ("3 données : Lire", ParsedItemLine(title="Lire", kind=ItemKind.DATA, points=3)),
        ("Données: Demander l’accès", ParsedItemLine(title="Demander l’accès", kind=ItemKind.DATA)),
        ("model: 8 Retrain", ParsedItemLine(title="Retrain", kind=ItemKind.MODEL, points=8)),
        ("Hérault : 3 communes", ParsedItemLine(title="Hérault : 3 communes")),  # not a kind
        ("- 3 communes à relire", ParsedItemLine(title="3 communes à relire")),
        ("2019 : relire les vols", ParsedItemLine(title="2019 : relire les vols")),
        ("500 dalles à dessiner", ParsedItemLine(title="500 dalles à dessiner")),  # too many for points
        ("7", ParsedItemLine(title="7")),
        ("bug :", ParsedItemLine(title="bug :")),
    ],
)
def test_a_line_says_what_an_item_is(line, meant):
    assert list(parse_item_lines(line)) == [meant]


def test_each_line_is_an_item_and_empty_ones_are_none():
    assert [typed.title for typed in parse_item_lines("Un\n\n  \r\nDeux\n")] == ["Un", "Deux"]


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
