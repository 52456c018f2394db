"""Fuzz test: hostile input to every endpoint gives no server error, injection, leak or forgery.

A run sends one of many plans on one engine (THOROUGH: on each), both chosen by a hash of the code, so
that a rerun is identical. FUZZ_ALL=1 tries each field with each value alone (many minutes); FUZZ_SEED=n
chooses the plans.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from urllib.parse import urlencode

import pytest
from flask import Flask, redirect, request

from portal.people.accounts.models import Person
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.tokens import TokenSealer, token_hash
from portal.project.projects.models import Project
from tests.house import doors
from tests.house.doors import DOORS, EVERYBODY, Door
from tests.house.fuzz_rows import ALSO, FILES, FIRST, FORMATS, LAST, SEALED, SHUT_BY_OTHERS, UNASKED, UNIQUE
from tests.house.test_access import BY_A_RULE, Scene
from tests.support import factories as make
from tests.support import nasty
from tests.support.databases import Fresh
from tests.support.pagereader import PageReader
from tests.support.shots import Plan
from tests.support.stage import Shot, Stage
from tests.support.targets import Target, collect
from tests.support.turns import THOROUGH, seed_of_code, share_of

PLANS = 8 if THOROUGH else 128  # one of them is shot; THOROUGH: two, one on each engine

SEED = int(os.environ.get("FUZZ_SEED") or seed_of_code())
WHOLE = bool(os.environ.get("FUZZ_ALL"))
FEW = 4
TOLD = 40  # faults printed at most
ENGINES = ("sqlite", "postgresql")
# Each field gets one of the two, chosen by the hash of the code.
MARKS = {"sqlite": ("double_quote", "closing"), "postgresql": ("single_quote", "links")}
RULES = {row for row, _ in BY_A_RULE}


@dataclass
class Range:
    """A stage with a scene, and all targets."""

    stage: Stage
    targets: list[Target]
    theirs: dict[str, str]

    @property
    def engine(self) -> str:
        return "sqlite" if get_service(Settings, self.stage.app).is_sqlite else "postgresql"

    def plan(self, number: int, kind: type[Plan] = Plan) -> Plan:
        return kind(self.targets, self.theirs, SEED // PLANS, number % PLANS, PLANS, whole=WHOLE)

    def faults(self) -> list[str]:
        shots = self.plan(SEED if self.engine == "sqlite" else SEED + PLANS // 2).shots()
        return [fault for shot in shots for fault in self.stage.faults(shot)]

    def forgeries(self, part: slice = slice(None)) -> list[str]:
        """Return the faults of requests without a valid form token, for a part of the targets."""
        before = self.stage.fingerprint()
        self.stage.app.config["WTF_CSRF_ENABLED"] = True
        try:
            posts = [one for one in self.targets if one.method == "POST" and one.row not in SEALED]
            return [fault for post in posts[part] for fault in self._forge(post, before)]
        finally:
            self.stage.app.config["WTF_CSRF_ENABLED"] = False

    def _forge(self, target: Target, before: dict[str, object]) -> Iterator[str]:
        typed = target.fields | dict.fromkeys(target.texts, "fuzz <\"&'> é")
        role = target.inside[-1]
        shot = Shot(target.row, role, "its own token", "POST", target.path())
        token = {"csrf_token": self.stage.form_token()}
        honest = replace(shot, body=urlencode(token | typed).encode())
        answer = self.stage.shoot(honest)
        taken = (
            {303}
            | ({422} if target.row in RULES | FORMATS else set())
            | ({200} if target.row in FILES else set())
        )
        if answer.status_code not in taken:
            yield f"{honest}: answered {answer.status_code}"
        forged = self.stage.form_token("the token of another person's forms")
        wrong = [("a wrong token", {"csrf_token": "fuzz"}), ("another's", {"csrf_token": forged})]
        for what, token in [("no token", {}), wrong[len(target.row) % 2]]:
            bad = replace(shot, what=what, body=urlencode(token | typed).encode())
            answer, changed = self.stage.try_out(bad, before)
            if changed or answer.status_code != 403:
                yield f"{bad}: answered {answer.status_code}, changed: {changed}"
            texts = target.texts - UNASKED.get(target.row, set())
            for name in sorted(texts - _kept(answer.get_data(as_text=True), typed)):
                yield f"{bad}: what was typed as {name} is lost"


def _kept(html: str, typed: dict[str, str]) -> set[str]:
    """Return the names of fields that a form of the page shows with what was typed."""
    shown = {pair for form in PageReader(html).forms for pair in form.sent.items()}
    return {name for name, value in typed.items() if (name, value) in shown}


@pytest.fixture(scope="module")
def range_(house: tuple[Flask, Fresh]) -> Iterator[Range]:
    app, fresh = house
    with app.app_context():
        fresh.restore()
        yield from on_stage(app, DOORS)


def theirs_of(person: Person) -> dict[str, str]:
    """Return ids of rows of another team by the parameter that refers to them."""
    role = db.session.query(RoleAssignment).filter_by(person_id=person.id).one()
    said = make.comment(db.session.get(Project, role.scope_id).discussion_id, person)
    offer = make.invitation(scope_id=role.scope_id, role=Role.TEAM_MEMBER, token_hash=token_hash("theirs"))
    rows = {"comment": said.id, "thread": said.thread_id, "discussion": said.discussion_id}
    rows |= {"person": person.id, "invitation": offer.id, "": role.id}
    return {kind: str(id_) for kind, id_ in rows.items()}


def on_stage(app: Flask, rows: dict[str, Door]) -> Iterator[Range]:
    scene = Scene(get_service(TokenSealer, app).seal)
    theirs = theirs_of(scene.people[doors.OTHER])
    fill = {name: str(value) for name, value in scene.names.items()}
    stage = Stage(app, scene.people)
    with stage.open():
        yield Range(stage, collect(stage, rows, fill), theirs)


def test_nothing_that_anybody_sends_makes_a_fault(range_: Range, tell: Callable[..., None]):
    faults, stage = range_.faults(), range_.stage
    counted = {
        "requests": stage.shots,
        "accepted": stage.accepted,
        "answers ≥ 500": stage.worst,
        "roles": len(EVERYBODY) + 1,
        "endpoints": len(range_.targets),
        "seed": SEED,
    }
    tell(f"fuzz on {range_.engine}", **counted)
    assert not faults, "\n".join(faults[:TOLD])
    assert stage.accepted > stage.shots // 20, "hardly anything came through: a blunt test"


def test_a_request_without_its_token_changes_nothing_and_keeps_what_was_typed(range_: Range):
    # Neither engine knows of tokens: each tries a half of the forms, a short run a quarter.
    step = len(ENGINES) * (1 if THOROUGH else 2)
    forgeries = range_.forgeries(slice((ENGINES.index(range_.engine) + SEED) % step, None, step))
    assert not forgeries, "\n".join(forgeries[:TOLD])


def test_hostile_text_that_is_kept_is_shown_as_text_to_everybody(range_: Range):
    stage, faults, refused = range_.stage, [], []
    plan = range_.plan(0)
    written = [target for target in range_.targets if target.texts]
    marks = cycle(MARKS[range_.engine][:: 1 if SEED % 2 else -1])
    with stage.keep():
        for target in sorted(written, key=lambda one: (one.row not in FIRST, one.row == LAST)):
            texts = target.texts - UNIQUE.get(target.row, set())
            sent, before = dict(zip(sorted(texts), marks, strict=False)), stage.accepted
            own = replace(target, fields=target.fields | ALSO.get(target.row, {}))
            for role in target.inside:
                faults += stage.faults(plan.post(own, role, sent))
                if stage.accepted > before:
                    break
            if stage.accepted == before and target.row not in SHUT_BY_OTHERS:
                refused.append(f"{target.row} takes no {sent}")
        for turn, target in enumerate(range_.targets):
            if target.method == "GET":
                role = target.inside[turn % len(target.inside)]
                faults += stage.faults(Shot(target.row, role, "after", "GET", target.path()))
    assert not refused, "say in ALSO what else must be typed:\n" + "\n".join(refused)
    assert not faults, "\n".join(faults[:TOLD])


class Outline(Plan):
    """A plan that yields only the names of shots."""

    def _encode(self, *_given: object) -> bytes:
        return b""


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_all_plans_together_try_every_value_in_every_field(range_: Range):
    """Tested with fewer plans: the distribution does not depend on their number."""
    whole = replace(range_.plan(0, Outline), targets=share_of("plans", range_.targets, 3))
    plans = [replace(whole, share=share, shares=FEW) for share in range(FEW)]
    shots = [[str(shot) for shot in plan.shots()] for plan in plans]
    assert plans[0].expected() - set().union(*(plan.tried for plan in plans)) == set()
    assert [str(shot) for shot in replace(plans[0]).shots()] == shots[0]  # the same each time


def test_every_hostile_text_fits_somewhere_and_says_that_it_is_one():
    for name, value in nasty.TEXTS.items():
        assert len(value.sent[0].decode()) <= nasty.DEEP, name


# The fuzz test must detect planted faults: three, in an application of their own.
FORM = '<form method="post" action="/{0}"><input name="said"><input name="csrf_token"></form>'


def break_(app: Flask) -> dict[str, Door]:
    def fault() -> str:
        return f"<p>{int(request.args.get('page', '1'))}</p>"

    def echo() -> str:
        if request.method == "GET":
            return FORM.format("echo")
        return f"<p>{request.form.get('said', '')}</p>"

    def leave() -> object:
        return redirect(request.args.get("page", "/"))

    def unguarded() -> object:
        if request.method == "GET":
            return FORM.format("unguarded")
        person = db.session.query(Person).first()
        person.name = "somebody else"
        db.session.commit()  # before anybody asks for the token
        return redirect("/", 303)

    for view in (fault, echo, leave, unguarded):
        app.add_url_rule(f"/{view.__name__}", view.__name__, view, methods=["GET", "POST"])
    reads = {f"{n} GET": doors.read(f"/{n}", EVERYBODY) for n in ("fault", "leave")}
    writes = {f"{n} POST": doors.write(f"/{n}", {"said": "b"}, EVERYBODY) for n in ("echo", "unguarded")}
    return reads | writes


@pytest.fixture(scope="module")
def broken(make_app: Callable[..., Flask]) -> Iterator[Range]:
    app = make_app()
    rows = break_(app)
    with app.app_context():
        Fresh(app)
        yield from on_stage(app, rows)
        db.engine.dispose()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("fault GET", "answered 500"),
        ("echo POST", "makes <x-fuzz-7"),
        ("echo POST", "makes <img onerror>"),
        ("leave GET", "Location leads to"),
    ],
)
def test_the_fuzz_test_notices_a_hole(broken: Range, row: str, said: str):
    target = next(target for target in broken.targets if target.row == row)
    shots = Plan([target], broken.theirs, SEED, shares=1).shots()
    faults = [fault for shot in shots for fault in broken.stage.faults(shot)]
    assert any(said in fault for fault in faults), faults[:5]


def test_the_fuzz_test_notices_a_form_without_a_token(broken: Range):
    assert any("unguarded POST" in fault and "changed: True" in fault for fault in broken.forgeries())
