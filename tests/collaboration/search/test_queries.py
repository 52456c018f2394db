"""What a search finds, on both engines: by its words, and by what the reader may read."""

import pytest
import sqlalchemy as sa

from portal.coaching.coach_notes import commands as coach_notes
from portal.collaboration.discussions import commands as discussions
from portal.collaboration.discussions.models import Comment
from portal.collaboration.search import commands, match_queries, queries
from portal.collaboration.search.extract_rules import create_matcher, cut_extract
from portal.collaboration.search.index_queries import count_index_differences_by_kind
from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.queries import SearchFilters, SearchOrder
from portal.collaboration.search.query_rules import MatchTier, parse_query, ts_query, ts_rank_query
from portal.oversight.gates.models import GateVerb
from portal.people.accounts.commands import Profile, change_profile
from portal.people.privacy.erasure_models import MentionDecision
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.framing import commands as framing
from portal.project.projects.models import Project
from tests.support import erasures, factories, gates


class Room:
    """Two teams of one programme, each with a sprint that people talk about."""

    def __init__(self) -> None:
        self.first = factories.project()
        self.second = factories.project(programme_of(self.first))
        self.agent = factories.holder(Role.TEAM_MEMBER, self.first)
        self.coach = factories.holder(Role.COACH, self.first)
        self.other = factories.holder(Role.TEAM_MEMBER, self.second)
        self.direction = factories.holder(Role.PROGRAMME_LEAD, self.first)
        self.observer = factories.holder(Role.OBSERVER, self.first)
        self.sprint = factories.sprint(self.first)

    def comment(self, body: str, author=None, discussion_id=None) -> Comment:
        posted = discussions.start_thread(
            factories.actor(author or self.agent), discussion_id or self.sprint.discussion_id, body
        )
        db.session.commit()
        return posted.comment

    def texts(self, person, q: str, **filters) -> list[str]:
        """The first lines of what a person finds."""
        results = queries.search(factories.actor(person), SearchFilters(q=q, **filters))
        return [hit.text for _source, hit in results.hits]


def programme_of(project: Project):
    return db.session.get(type(factories.programme()), project.programme_id)


@pytest.fixture
def room(app) -> Room:
    return Room()


def test_a_comment_is_found_by_words_stems_prefixes_phrases_and_without_accents(room):
    body = "Les usagers de l’administration n’ont pas compris l’écran d’accueil."
    room.comment(body)
    room.comment("Une autre remarque.")
    for q in ("usager", "USAGERS", "ecran", "l'écran", "adminis", '"écran d’accueil"', "usager accueil"):
        assert room.texts(room.agent, q) == [body], q
    for q in ("usine", '"accueil écran"', "usager -accueil", "usager remarque", "", "-écran"):
        assert room.texts(room.agent, q) == [], q


def test_a_comment_names_whom_it_mentions_as_its_page_does(room):
    room.comment(f"@{room.coach.handle} et @{room.other.handle} : le héron revient.")
    expected = f"@{room.coach.name} et @{room.other.handle} : le héron revient."  # the other reads nothing
    assert room.texts(room.agent, "héron") == [expected]


def test_a_mention_is_found_by_the_name_that_is_shown(room):
    room.comment(f"@{room.coach.handle} : le héron revient.")
    coach = room.coach
    person = db.session.get_one(type(coach), coach.id)
    for name in ("Xaviera Quillfeather", "Ysolde Brindlewick"):
        profile = Profile(name=name, locale="fr", time_zone="Europe/Paris")
        change_profile(factories.actor(coach), person, profile, person.version)
        db.session.commit()
        expected = [f"@{name} : le héron revient."]
        assert room.texts(room.agent, name.split()[1]) == room.texts(room.agent, f'"{name}"') == expected
        assert room.texts(room.other, name) == []
    assert room.texts(room.agent, "quillfeather") == []
    assert [
        mark.text for mark in cut_extract(expected[0], create_matcher(parse_query("brindlewick"))) if mark[1]
    ]


def test_a_name_leaves_the_index_with_its_person_where_the_mention_is_kept(room):
    coach, admin = room.coach, factories.holder(Role.ADMINISTRATOR, room.first)
    coach.name = "Xaviera Quillfeather"
    room.comment(f"@{coach.handle} : le héron revient.")
    assert len(room.texts(room.agent, "quillfeather")) == 1
    admin_id = admin.id
    erasure_id = erasures.prepare(coach, admin)
    erasures.decide_all(erasure_id, admin_id, MentionDecision.KEEP, "Un compte rendu public")
    erasures.carry_out(erasure_id, admin_id)
    words = str(db.session.connection().exec_driver_sql("SELECT * FROM search_words").all())
    assert "quillfeather" not in words
    assert "heron" in words


def test_a_kind_with_a_number_finds_those_of_the_kind_first(room):
    """Texts that have both words come after them, on a page of one kind too."""
    gates.judged(room.first)
    gates.decision(room.first, 2, GateVerb.REFUSED, room.direction, "Il manque un échantillon.")
    commands.rebuild_search_index()
    for n in range(3):
        room.comment(f"Le jalon G2, la décision {n} : gate G2.")
    db.session.commit()
    titles = ["G2\u00a0: Il manque un échantillon."]
    for q in ("jalon G2", "décision G2", "décision sur G2", "gate g2", "jalon G 2"):
        results = queries.search(factories.actor(room.direction), SearchFilters(q=q))
        assert [hit.title for _source, hit in results.hits][:1] == titles, q
        assert results.count == 4, q
        assert not results.is_of_kind_named, q
        narrowed = queries.search(factories.actor(room.agent), SearchFilters(q=q, kind="gate_decision"))
        assert [hit.title for _source, hit in narrowed.hits] == titles, q
        assert queries.search(factories.actor(room.other), SearchFilters(q=q)).count == 0
    by_age = SearchFilters(q="jalon G2", order=SearchOrder.NEWEST)
    newest = queries.search(factories.actor(room.agent), by_age)
    assert [hit.title for _source, hit in newest.hits][-1:] == titles


def test_who_finds_what_follows_roles_at_once(room):
    room.comment("Le canari chante.")
    coach_notes.write_note(factories.actor(room.coach), room.first, "Un canari entre coachs.")
    db.session.commit()
    assert len(room.texts(room.coach, "canari")) == 2
    assert len(room.texts(room.direction, "canari")) == 2
    assert room.texts(room.agent, "canari") == ["Le canari chante."]
    assert room.texts(room.other, "canari") == []
    assert room.texts(room.observer, "canari") == []
    assert queries.search(factories.actor(room.other), SearchFilters(q="canrai")).near_words == {}
    assert list(queries.search(factories.actor(room.agent), SearchFilters(q="canrai")).near_words) == [
        "canari"
    ]


def test_what_is_edited_or_deleted_leaves_no_word(room):
    commands.rebuild_search_index()
    comment = room.comment("Premier brouillon.")
    discussions.edit_comment(factories.actor(room.agent), comment, "Seconde version.", comment.version)
    db.session.commit()
    assert room.texts(room.agent, "brouillon") == []
    assert room.texts(room.agent, "seconde") == ["Seconde version."]
    discussions.delete_comment(factories.actor(room.agent), comment)
    db.session.commit()
    assert room.texts(room.agent, "seconde") == []
    assert count_index_differences_by_kind() == {}


def test_words_are_beginnings_where_no_text_has_them_whole(room):
    room.comment("L’évaluation du modèle de crues.")
    room.comment("Une éval du modèle.")
    assert room.texts(room.agent, "eval crue") == ["L’évaluation du modèle de crues."]
    assert room.texts(room.agent, "eval modele") == ["Une éval du modèle."]
    results = queries.search(factories.actor(room.agent), SearchFilters(q="eval crue"))
    assert (results.count, results.is_widened, results.near_words) == (1, True, {})
    assert not queries.search(factories.actor(room.agent), SearchFilters(q="crue eval")).is_widened
    assert room.texts(room.agent, '"eval crue"') == room.texts(room.other, "eval crue") == []


def test_the_author_is_who_wrote_even_where_the_row_names_nobody(room):
    facts = framing.AssumptionFacts(statement="Un serin siffle.", risk=3, test="")
    row = framing.add_assumption(factories.actor(room.agent), room.first, facts)
    db.session.commit()
    entry = db.session.scalars(sa.select(SearchEntry).where(SearchEntry.subject_id == row.id)).one()
    assert entry.author_id == room.agent.id
    commands.rebuild_search_index()
    db.session.commit()
    assert len(room.texts(room.coach, "siffle", author_id=room.agent.id)) == 1
    assert room.texts(room.coach, "siffle", author_id=room.coach.id) == []


def test_exact_words_come_first(room):
    room.comment("Les évaluations sont prêtes.")
    room.comment("Une évaluation est prête.")
    room.comment("Évaluer encore.")
    assert room.texts(room.agent, "évaluations")[0] == "Les évaluations sont prêtes."
    assert len(room.texts(room.agent, "évaluations")) == 3


def test_a_word_that_is_everywhere_gives_the_latest_that_a_reader_may_read(room, monkeypatch):
    """PostgreSQL looks for it among the entries written last, and in all where these do not suffice."""
    monkeypatch.setattr(match_queries, "CANDIDATES", 3)
    monkeypatch.setattr(match_queries, "SAMPLE", 2)
    theirs = factories.sprint(room.second).discussion_id
    for n in range(6):
        room.comment(f"Le jalon {n} est atteint.")
    for n in range(6):
        room.comment(f"Le jalon {n} est ailleurs.", room.other, theirs)
    for walked in (1, 8, 100):  # of 12: too few, some of another team, all
        monkeypatch.setattr(match_queries, "WALKED", walked)
        latest = [f"Le jalon {n} est atteint." for n in (5, 4, 3)]
        assert room.texts(room.agent, "jalon") == latest, walked
        assert len(room.texts(room.direction, "jalon")) == 3
    latest = [f"Le jalon {n} est ailleurs." for n in (5, 4, 3)]
    assert room.texts(room.other, "jalon", order=SearchOrder.NEWEST) == latest


def test_a_word_that_is_everywhere_is_looked_for_in_the_reader_s_own_programme(room, monkeypatch):
    """However many entries other programmes wrote since."""
    monkeypatch.setattr(match_queries, "CANDIDATES", 3)
    monkeypatch.setattr(match_queries, "WALKED", 6)
    monkeypatch.setattr(match_queries, "SAMPLE", 6)
    for n in range(6):
        room.comment(f"Le jalon {n} est atteint.")
    elsewhere = factories.project()
    author, there = factories.holder(Role.TEAM_MEMBER, elsewhere), factories.sprint(elsewhere).discussion_id
    for n in range(20):
        room.comment(f"Le jalon {n} est loin.", author, there)
    if db.engine.dialect.name == "postgresql":
        differing = "key IS NULL OR key <> substring(CAST(words AS text) from '#([a-z]{3})k')"  # as migrated
        counts = sa.text(f"SELECT count(*) FROM search_words WHERE {differing}")
        assert db.session.scalar(counts) == 0
        monkeypatch.setattr(
            match_queries,
            "_prepare_postgresql_match_statement",
            lambda *_period: pytest.fail("all were read"),
        )
    assert room.texts(room.direction, "jalon") == [f"Le jalon {n} est atteint." for n in (5, 4, 3)]


def test_a_rare_word_is_looked_up_instead(room, monkeypatch):
    """A sample of the latest entries tells, for a lead; a member's few texts are looked up always."""
    monkeypatch.setattr(match_queries, "CANDIDATES", 3)
    monkeypatch.setattr(match_queries, "SAMPLE", 4)
    monkeypatch.setattr(match_queries, "WALKED", 8)
    room.comment("Le jalon est rare.")
    for _n in range(4):
        room.comment("La plage est fréquente.")
    monkeypatch.setattr(
        match_queries,
        "_prepare_latest_common_statement",
        lambda _count: pytest.fail("the latest were walked"),
    )
    assert room.texts(room.direction, "jalon") == ["Le jalon est rare."]
    assert len(room.texts(room.agent, "plage")) == 3


def test_the_walk_of_the_latest_entries_ends_with_the_last_that_is_wanted(room, monkeypatch):
    """PostgreSQL reads them in order, of one programme or of several, and sorts nothing."""
    if db.engine.dialect.name == "sqlite":
        return
    for n in range(30):
        room.comment(f"Le jalon {n} est atteint.")
    db.session.execute(sa.text("ANALYZE search_words"))
    for setting in ("enable_sort", "enable_seqscan", "enable_bitmapscan"):
        db.session.execute(sa.text(f"SET LOCAL {setting} = off"))
    reader = queries.get_search_reader(factories.actor(room.direction))
    words = parse_query("jalon")
    values = {
        "words": ts_query(words, MatchTier.STEM, reader),
        **{
            tier.name.lower(): ts_rank_query(words, tier, reader)
            for tier in (MatchTier.TITLE, MatchTier.EXACT)
        },
        **{"most": 3, "walked": 25, "key0": reader.keys[0], "key1": "zzz"},
    }
    for count in (1, 2):
        statement = match_queries.latest_entries_sql(count)
        plan = db.session.execute(sa.text(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"), values).scalar_one()
        rows = [part["Actual Rows"] for part in parts_of(plan[0]["Plan"]) if "search_words" in str(part)]
        assert rows
        assert max(rows) < 10, count


def parts_of(plan):
    """A part of a plan and those below it."""
    return [plan, *(part for below in plan.get("Plans", ()) for part in parts_of(below))]


def test_a_rebuild_gives_the_same_results(room):
    room.comment("Le jalon est atteint.")
    before = room.texts(room.agent, "jalon")
    commands.rebuild_search_index()
    db.session.commit()
    assert before == room.texts(room.agent, "jalon") == ["Le jalon est atteint."]
    assert count_index_differences_by_kind() == {}
