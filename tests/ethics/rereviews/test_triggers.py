"""Exactly one trigger for each qualifying fact, independent of the order of reading."""

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.ethics.rereviews.trigger_rules import (
    AUTOMATION_SCALE,
    CAUSE_TRAITS,
    FACT_ACTIONS,
    STEP_BY_ACTION,
    AuditedChange,
    Cause,
    ReviewEvent,
    ReviewHistory,
    ReviewStep,
    causes_of,
    find_concerned_review,
    list_touched_sections,
)
from portal.platform.kernel import audit

TRAITS = {"aim": frozenset({"purpose"}), "data": frozenset({"data"}), "who": frozenset({"people"})}


def version(**changes):
    before = {name: pair[0] for name, pair in changes.items()}
    return AuditedChange(
        "prototype.released", before, {name: pair[1] for name, pair in changes.items()}
    )


def test_the_codes_are_those_of_the_trail(app):
    assert set(audit.ACTIONS) >= FACT_ACTIONS | STEP_BY_ACTION.keys()


def test_a_line_qualifies_by_what_it_says():
    said = {
        (): [
            AuditedChange("data_source.changed", {"name": "a"}, {"name": "b"}),
            AuditedChange("target_group.changed", {"name": "a"}, {"name": "b"}),
            version(
                exposure=(None, "citizens"), automation=(None, "alone"), model_family=(None, "m")
            ),
            version(exposure=("citizens", "agents"), automation=("alone", "inform")),
            version(model_family=("CamemBERT", "Camembert"), model_provider=("m", "")),
            AuditedChange(
                "finding.noted",
                {"severity": None, "is_harm": None},
                {"severity": 3, "is_harm": False},
            ),
            AuditedChange("finding.rated", {"severity": 4}, {"severity": 3}),
            AuditedChange("sprint.closed"),
        ],
        (Cause.DATA_ADDED,): [AuditedChange("data_source.added")],
        (Cause.DATA_REPURPOSED,): [
            AuditedChange("data_source.repurposed", {"purpose": ""}, {"purpose": "p"})
        ],
        (Cause.GROUP_ADDED,): [
            AuditedChange("target_group.added"),
            AuditedChange("target_group.changed", {"left_on": "2026-03-02"}, {"left_on": None}),
            AuditedChange("target_group.changed", {"audience": "agents"}, {"audience": "citizens"}),
        ],
        (Cause.EXPOSURE, Cause.AUTOMATION, Cause.MODEL): [
            version(
                exposure=("agents", "citizens"),
                automation=("inform", "suggest"),
                model_provider=("", "Un éditeur"),
            )
        ],
        (Cause.SEVERE,): [AuditedChange("finding.rated", {"severity": None}, {"severity": 4})],
        (Cause.SEVERE, Cause.HARM): [
            AuditedChange(
                "finding.noted",
                {"severity": None, "is_harm": None},
                {"severity": 4, "is_harm": True},
            )
        ],
        (Cause.HARM,): [AuditedChange("finding.changed", {"is_harm": False}, {"is_harm": True})],
    }
    for causes, lines in said.items():
        for line in lines:
            assert causes_of(line) == causes, line


def test_a_fact_touches_the_sections_that_are_about_it():
    assert list_touched_sections(TRAITS, [Cause.DATA_ADDED]) == {"data"}
    assert list_touched_sections(TRAITS, [Cause.DATA_ADDED, Cause.EXPOSURE]) == {"data", "who"}
    assert (
        list_touched_sections(TRAITS, [Cause.MODEL]) == frozenset()
    )  # no section has the trait: the whole review
    assert list_touched_sections(TRAITS, [Cause.EXPOSURE, Cause.MODEL]) == frozenset()
    assert list_touched_sections(TRAITS, [Cause.MANY_DAYS]) == frozenset()


# A review as a state machine: possible steps and next states.
_NEXT = {
    "none": [(ReviewStep.OPENED, "draft")],
    "draft": [(ReviewStep.SUBMITTED, "submitted")],
    "submitted": [
        (None, "draft"),
        (ReviewStep.ACCEPTED, "accepted"),
        (ReviewStep.REFUSED, "refused"),
    ],
    "accepted": [(ReviewStep.OPENED, "draft")],
    "refused": [(ReviewStep.OPENED, "draft")],
}
_events = st.lists(
    st.one_of(
        st.tuples(st.just("review"), st.sampled_from("ab"), st.integers(0, 5)),
        st.tuples(st.just("fact"), st.sampled_from(sorted(CAUSE_TRAITS)), st.none()),
    ),
    max_size=40,
)
_sections = st.lists(st.sets(st.sampled_from(sorted(TRAITS))), min_size=40, max_size=40)


def _play(events, sections):
    """Steps of two questionnaires' reviews, facts between them, and the expected concerned reviews,
    computed one event at a time, independently of the rule under test."""
    states, deeds, facts = {"a": "none", "b": "none"}, {"a": [], "b": []}, {}
    unknown, asked, due = {"a": set(), "b": set()}, {"a": frozenset(), "b": frozenset()}, set()
    for place, (what, which, choice) in enumerate(events):
        if what == "fact":
            facts[place] = Cause(which)
            for one in "ab":
                (due.add((place, one)) if states[one] == "accepted" else unknown[one].add(place))
            continue
        step, after = _NEXT[states[which]][(choice or 0) % len(_NEXT[states[which]])]
        if after == "draft":
            first = not deeds[which]
            asked[which] = frozenset() if first else frozenset(sections[place])
        states[which] = after
        if step is None:
            continue
        named = asked[which] if step is ReviewStep.SUBMITTED else frozenset()
        deeds[which].append(ReviewEvent(place, step, which, named))
        if step is ReviewStep.SUBMITTED:
            about = {fact: list_touched_sections(TRAITS, [facts[fact]]) for fact in unknown[which]}
            covered = {
                fact for fact, keys in about.items() if not named or (keys and keys <= named)
            }
            unknown[which] -= covered
        if step is ReviewStep.ACCEPTED:
            due |= {(fact, which) for fact in unknown[which]}
            unknown[which].clear()
    return deeds, facts, due


@settings(max_examples=120, deadline=None)
@given(_events, _sections, st.randoms())
def test_each_fact_that_a_decision_did_not_know_is_raised_for_it_once(events, sections, chance):
    deeds, facts, due = _play(events, sections)
    dossiers = [ReviewHistory(TRAITS, deeds[one]) for one in "ab"]
    order = [*facts.items()] * 2  # read twice, in another order, in batches of any size
    chance.shuffle(order)
    raised = {}
    for place, cause in order:
        found = frozenset(
            one for one in (find_concerned_review(each, place, [cause]) for each in dossiers) if one
        )
        if found:
            assert raised.setdefault(place, found) == found
    assert {(place, one) for place, found in raised.items() for one in found} == due


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(AUTOMATION_SCALE), st.sampled_from(AUTOMATION_SCALE))
def test_automation_counts_where_it_rises(before, after):
    rises = AUTOMATION_SCALE.index(after) > AUTOMATION_SCALE.index(before)
    assert causes_of(version(automation=(before, after))) == (Cause.AUTOMATION,) * rises
