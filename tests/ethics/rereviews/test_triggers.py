"""Exactly one trigger for each qualifying fact, independent of the order of reading."""

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.ethics.rereviews.fact_queries import CAUSE_RULES
from portal.ethics.rereviews.trigger_rules import (
    AUTOMATION_SCALE,
    CAUSE_TRAITS,
    AuditedChange,
    ReviewEvent,
    ReviewEventKind,
    ReviewHistory,
    TriggerCause,
    find_concerned_review,
    list_finding_causes,
    list_purpose_causes,
    list_target_group_causes,
    list_touched_section_keys,
    list_version_causes,
    make_unconditional_rule,
)
from portal.project.data_sources import commands as source_commands
from portal.project.framing import commands as framing_commands
from portal.sprints.sprints import commands as sprint_commands

TRAITS = {"aim": frozenset({"purpose"}), "data": frozenset({"data"}), "who": frozenset({"people"})}


def version(**changes):
    before = {name: pair[0] for name, pair in changes.items()}
    return AuditedChange(before, {name: pair[1] for name, pair in changes.items()})


def test_every_rule_is_named_for_an_action():
    assert {rule for rule in CAUSE_RULES.values() if rule.__name__ != "<lambda>"} == {
        list_finding_causes,
        list_purpose_causes,
        list_target_group_causes,
        list_version_causes,
    }
    for action, cause in (
        (source_commands.ADDED, TriggerCause.DATA_ADDED),
        (framing_commands.GROUP_ADDED, TriggerCause.GROUP_ADDED),
    ):
        assert CAUSE_RULES[action](AuditedChange()) == (cause,)
    assert source_commands.CHANGED not in CAUSE_RULES
    assert sprint_commands.CLOSED not in CAUSE_RULES


def test_a_line_qualifies_by_what_it_says():
    change = AuditedChange
    for rule, line, causes in (
        (list_purpose_causes, change({"purpose": "Trier"}, {"purpose": ""}), ()),
        (list_purpose_causes, change({"purpose": ""}, {"purpose": "Trier"}), (TriggerCause.DATA_REPURPOSED,)),
        (list_target_group_causes, change({"name": "a"}, {"name": "b"}), ()),
        (
            list_version_causes,
            version(exposure=(None, "citizens"), automation=(None, "alone"), model_family=(None, "m")),
            (),
        ),
        (list_version_causes, version(exposure=("citizens", "agents"), automation=("alone", "inform")), ()),
        (list_version_causes, version(model_family=("CamemBERT", "Camembert"), model_provider=("m", "")), ()),
        (
            list_finding_causes,
            change({"severity": None, "is_harm": None}, {"severity": 3, "is_harm": False}),
            (),
        ),
        (list_finding_causes, change({"severity": 4}, {"severity": 3}), ()),
        (make_unconditional_rule(TriggerCause.DATA_ADDED), change(), (TriggerCause.DATA_ADDED,)),
        (
            list_target_group_causes,
            change({"left_on": "2026-03-02"}, {"left_on": None}),
            (TriggerCause.GROUP_ADDED,),
        ),
        (
            list_target_group_causes,
            change({"audience": "agents"}, {"audience": "citizens"}),
            (TriggerCause.GROUP_ADDED,),
        ),
        (
            list_version_causes,
            version(
                exposure=("agents", "citizens"),
                automation=("inform", "suggest"),
                model_provider=("", "Un éditeur"),
            ),
            (TriggerCause.EXPOSURE, TriggerCause.AUTOMATION, TriggerCause.MODEL),
        ),
        (list_finding_causes, change({"severity": None}, {"severity": 4}), (TriggerCause.SEVERE,)),
        (
            list_finding_causes,
            change({"severity": None, "is_harm": None}, {"severity": 4, "is_harm": True}),
            (TriggerCause.SEVERE, TriggerCause.HARM),
        ),
        (list_finding_causes, change({"is_harm": False}, {"is_harm": True}), (TriggerCause.HARM,)),
    ):
        assert rule(line) == causes, line


def test_a_fact_touches_the_sections_that_are_about_it():
    assert list_touched_section_keys(TRAITS, [TriggerCause.DATA_ADDED]) == {"data"}
    assert list_touched_section_keys(TRAITS, [TriggerCause.DATA_ADDED, TriggerCause.EXPOSURE]) == {
        "data",
        "who",
    }
    assert (
        list_touched_section_keys(TRAITS, [TriggerCause.MODEL]) == frozenset()
    )  # no section has the trait: the whole review
    assert list_touched_section_keys(TRAITS, [TriggerCause.EXPOSURE, TriggerCause.MODEL]) == frozenset()
    assert list_touched_section_keys(TRAITS, [TriggerCause.MANY_DAYS]) == frozenset()


# A review as a state machine: possible steps and next states.
_NEXT = {
    "none": [(ReviewEventKind.OPENED, "draft")],
    "draft": [(ReviewEventKind.SUBMITTED, "submitted")],
    "submitted": [
        (None, "draft"),
        (ReviewEventKind.ACCEPTED, "accepted"),
        (ReviewEventKind.REFUSED, "refused"),
    ],
    "accepted": [(ReviewEventKind.OPENED, "draft")],
    "refused": [(ReviewEventKind.OPENED, "draft")],
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
            facts[place] = TriggerCause(which)
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
        named = asked[which] if step is ReviewEventKind.SUBMITTED else frozenset()
        deeds[which].append(ReviewEvent(place, step, which, named))
        if step is ReviewEventKind.SUBMITTED:
            about = {fact: list_touched_section_keys(TRAITS, [facts[fact]]) for fact in unknown[which]}
            covered = {fact for fact, keys in about.items() if not named or (keys and keys <= named)}
            unknown[which] -= covered
        if step is ReviewEventKind.ACCEPTED:
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
    assert list_version_causes(version(automation=(before, after))) == (TriggerCause.AUTOMATION,) * rises
