"""Mutants: a place is changed while its mutant is active, and samples do not shift."""

from pathlib import Path

import pytest

from tools import mutant_switch, mutants

CODE = '''"""Rules of an example."""

calls = []


def accepts(number):
    calls.append(number)
    return number is not None and (not number < 3 or number == 1)
'''


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[mutants.Place]:
    folder = tmp_path / "portal" / "wing" / "feature"
    folder.mkdir(parents=True)
    (folder / "example_rules.py").write_text(CODE)
    (folder / "example_queries.py").write_text(CODE)
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    return mutants.list_places()


def results(text: str) -> tuple[list[object], int]:
    """What the example answers to some numbers, and how many calls it notes."""
    names: dict[str, object] = {}
    exec(text, names)
    return [names["accepts"](number) for number in range(5)], len(names["calls"])


def test_a_place_is_changed_while_its_mutant_is_active(places, tmp_path, monkeypatch):
    mutants.write_switches(places, tmp_path)
    switched = (tmp_path / places[0].path).read_text()
    assert results(switched) == results(CODE)
    for number in range(len(places)):
        monkeypatch.setattr(mutant_switch, "active", number)
        mutant_switch.reached.clear()
        assert results(switched) != results(CODE), places[number]
        assert number in mutant_switch.reached


def test_places_are_those_of_rules_policies_and_commands(places):
    assert {place.path.name for place in places} == {"example_rules.py"}
    changes = {place.before: place.after for place in places}
    assert changes["calls.append(number)"] == "pass"
    assert changes["number < 3"] == "number <= 3"
    assert changes["not number < 3"] == "bool(number < 3)"
    assert changes["number is not None"] == "number is None"
    assert len(changes) == 7


def test_a_change_elsewhere_does_not_change_the_sample(places, tmp_path):
    before = [str(place.before) for place in mutants.draw(3, "a seed")]
    file = tmp_path / places[0].path
    file.write_text(CODE.replace("calls = []", "calls = []\nothers = []"))
    assert [str(place.before) for place in mutants.draw(3, "a seed")] == before
    assert len({tuple(mutants.draw(3, str(seed))) for seed in range(20)}) > 1
