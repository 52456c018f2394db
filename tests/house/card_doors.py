"""Access table of public cards, final reports, committee packs and exports (see `doors.py`).

The rows in the scene are those of `tests.support.cards` and `tests.support.packs`.
"""

from tests.house.door import COACH, DIRECTION, EVERYBODY, OBSERVER, OPERATOR, READERS, read, write
from tests.support.cards import texts

C = "/projects/heron/card"
CARD_DOORS = {
    "cards.page GET": read(C, READERS),
    "cards.write GET": read(f"{C}/edit", {DIRECTION}, READERS),
    "cards.write POST": write(f"{C}/edit", texts(version="1"), {DIRECTION}, READERS),
    "cards.publish GET": read(f"{C}/show", {DIRECTION}, READERS),
    "cards.publish POST": write(f"{C}/show", {"agreed": "y"}, {DIRECTION}, READERS),
    "cards.hide POST": write(f"{C}/hide", {}, {DIRECTION}, READERS),
}
END = "/projects/heron/outcome"
OUTCOME_DOORS = {
    "outcomes.redirect_to_reader_language GET": read(END, READERS),
    "outcomes.page GET": read(f"{END}/fr", READERS),
    "outcomes.download GET": read(f"{END}/en.pdf", READERS),
}
SEEN = {DIRECTION, OPERATOR, OBSERVER}
K = "/programmes/ami/packs"
PACK_DOORS = {
    "packs.index GET": read(K, SEEN),
    "packs.make POST": write(K, {"on": "{today}", "language": "fr"}, {DIRECTION}, SEEN),
    "packs.page GET": read(f"{K}/{{pack}}", SEEN),
    "packs.team GET": read(f"{K}/{{pack}}/1", SEEN),
    "packs.download GET": read(f"{K}/{{pack}}/pack.pdf", SEEN),
    "packs.download_jsonl GET": read(f"{K}/{{pack}}/pack.jsonl", SEEN),
    "extracts.export_portfolio GET": read("/programmes/ami/exports", SEEN | {COACH}),
    "extracts.export_portfolio POST": write(
        "/programmes/ami/exports", {"what": "teams", "kind": "csv", "on": "{today}"}, SEEN | {COACH}
    ),
}
LEAVING_DOORS = CARD_DOORS | OUTCOME_DOORS | PACK_DOORS
PUBLIC_CARD_DOORS = {
    "guides.index GET": read("/guides", EVERYBODY),
    "guides.page GET": read("/guides/agents", EVERYBODY),
    "public_cards.index GET": read("/cards/ami", EVERYBODY),
    "public_cards.redirect_to_reader_language GET": read("/cards/ami/heron", EVERYBODY),
    "public_cards.page GET": read("/cards/ami/heron/en", EVERYBODY),
}
