import pytest

from portal.backlog import ranks
from portal.backlog.entry import Typed, parse
from portal.backlog.models import Kind


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("Annoter 200 images", Typed(title="Annoter 200 images")),
        ("5 Annoter", Typed(title="Annoter", points=5)),
        ("bug : 3 L’export plante", Typed(title="L’export plante", kind=Kind.BUG, points=3)),
        ("Données: Demander l’accès", Typed(title="Demander l’accès", kind=Kind.DATA)),
        ("model: 8 Retrain", Typed(title="Retrain", kind=Kind.MODEL, points=8)),
        ("Hérault : 3 communes", Typed(title="Hérault : 3 communes")),  # no kind is called that
        ("- 3 communes à relire", Typed(title="3 communes à relire")),
        ("2019 : relire les vols", Typed(title="2019 : relire les vols")),
        ("500 dalles à dessiner", Typed(title="500 dalles à dessiner")),  # too many for points
        ("7", Typed(title="7")),
        ("bug :", Typed(title="bug :")),
    ],
)
def test_a_line_says_what_an_item_is(line, meant):
    assert list(parse(line)) == [meant]


def test_each_line_is_an_item_and_empty_ones_are_none():
    assert [typed.title for typed in parse("Un\n\n  \r\nDeux\n")] == ["Un", "Deux"]


def test_ranks_leave_room_until_there_is_none():
    assert ranks.between(None, None) == 0
    assert ranks.between(None, 5) < 5
    assert ranks.between(5, None) > 5
    lower, upper = 0, ranks.GAP
    for _ in range(20):
        upper = ranks.between(lower, upper)
        assert lower < upper
    assert ranks.between(lower, upper) is None


def test_several_ranks_keep_their_order_on_either_side():
    for given in (ranks.before(7, 3), ranks.before(None, 3), ranks.after(7, 3)):
        assert given == sorted(set(given))
    assert ranks.before(7, 3)[-1] < 7 < ranks.after(7, 3)[0]
