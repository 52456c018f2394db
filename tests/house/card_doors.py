"""The doors of public cards: rows of `doors.py`. Heron's is `tests.support.cards.shown`."""

from tests.house.door import DIRECTION, EVERYBODY, READERS, read, write
from tests.support.cards import texts

C = "/projects/heron/card"
CARD_DOORS = {
    "cards.page GET": read(C, READERS),
    "cards.write GET": read(f"{C}/edit", {DIRECTION}, READERS),
    "cards.write POST": write(f"{C}/edit", texts(version="1"), {DIRECTION}, READERS),
    "cards.show GET": read(f"{C}/show", {DIRECTION}, READERS),
    "cards.show POST": write(f"{C}/show", {"agreed": "y"}, {DIRECTION}, READERS),
    "cards.hide POST": write(f"{C}/hide", {}, {DIRECTION}, READERS),
}
END = "/projects/heron/outcome"
OUTCOME_DOORS = {
    "outcomes.landing GET": read(END, READERS),
    "outcomes.page GET": read(f"{END}/fr", READERS),
    "outcomes.download GET": read(f"{END}/en.pdf", READERS),
}
PUBLIC_CARD_DOORS = {
    "public_cards.index GET": read("/cards/ami", EVERYBODY),
    "public_cards.landing GET": read("/cards/ami/heron", EVERYBODY),
    "public_cards.page GET": read("/cards/ami/heron/en", EVERYBODY),
}
