"""The access table: every endpoint and method, with who may use it.

For each: the path, the form fields, who is allowed, and who is refused with a sentence (403). All
others get a 404; people who are not signed in are redirected to the sign-in.
"""

from datetime import timedelta

from portal.platform.kernel import clock
from tests.house.call_doors import CALL_DOORS, PUBLIC_CALL_DOORS
from tests.house.card_doors import LEAVING_DOORS, PUBLIC_CARD_DOORS
from tests.house.ceremony_doors import CEREMONY_DOORS
from tests.house.coaching_doors import COACHING_DOORS
from tests.house.door import (
    ADMIN,
    COACH,
    DIRECTION,
    EVERYBODY,
    IN_PROGRAMME,
    JUROR,
    LEAD,
    MEMBER,
    OBSERVER,
    OPERATOR,
    OTHER,
    READERS,
    REVIEWER,
    STRANGER,
    TEAM,
    Door,
    read,
    write,
)
from tests.house.exchange_doors import EXCHANGE
from tests.house.file_doors import FILE_DOORS
from tests.house.funding_doors import FUNDING_DOORS
from tests.house.gate_doors import GATE_DOORS
from tests.house.notification_doors import NOTIFICATION_DOORS, UNSUBSCRIBE_DOORS
from tests.house.privacy_doors import PRIVACY_DOORS
from tests.house.review_doors import REVIEW_DOORS
from tests.house.risk_doors import PUBLISHED_DOORS, RISK_DOORS, TRANSPARENCY_DOORS
from tests.house.sign_in_doors import PUBLIC_SIGN_IN_DOORS, SIGN_IN_DOORS
from tests.house.user_test_doors import USER_TEST_DOORS
from tests.house.webhook_doors import WEBHOOK_DOORS

__all__ = ["ADMIN", "COACH", "DIRECTION", "DOORS", "EVERYBODY", "JUROR", "LEAD", "MEMBER"]
__all__ += ["OBSERVER", "OPEN", "OPERATOR", "OTHER", "REVIEWER", "STRANGER", "Door", "read", "write"]

PLAN = {"goal": "g", "starts_on": "2027-03-02", "ends_on": "2027-03-13"}
LOG = {"outcome": "met", "summary": "s", "blocker": "none", "version": "{version}"}
FILE = {"organisation": "o", "title_fr": "t", "version": "1"}
FILE |= {"starts_on": str(clock.today()), "ends_on": str(clock.today() + timedelta(days=300))}
PROGRAMME = {"name_fr": "Nouveau", "name_en": "New", "starts_on": "2026-01-01", "months": "36"}
PROGRAMME |= {"test_retention": "12", "tracks": "Technique", "version": "1"}
INVITE = {"email": "x@demo.example", "role": "team_member"}
MOVE = {"move": "1-{version}:doing"}
OFFER, ADMIN_OFFER = "invitations/{offer}", "invitations/{admin_offer}"
SAID = {"thread-body": "Bonjour."}

P = "/projects/heron"
S = f"{P}/sprints"
T = f"{P}/team/{{membership}}"
G = "/programmes/ami"
K = f"{P}/backlog"
DISCUSSIONS = {
    "discussions.redirect_to_discussion GET": read("/discussions/{discussion}", READERS),
    "discussions.mentionable_people GET": read("/discussions/{discussion}/people", READERS),
    "discussions.start_thread POST": write("/discussions/{discussion}/threads", SAID, READERS),
    "discussions.reply POST": write(
        "/threads/{thread}/comments", {"reply-{thread}-body": "Bonjour."}, READERS
    ),
    "discussions.redirect_to_comment GET": read("/comments/{comment}", READERS),
    "discussions.redirect_to_thread GET": read("/threads/{thread}", READERS),
    "discussions.history GET": read("/comments/{comment}/history", READERS),
    "discussions.quote GET": read("/comments/{comment}/quote", READERS),
    "threads.index GET": read(f"{P}/threads", READERS),
    "discussions.edit GET": read("/comments/{comment}/edit", {MEMBER}, READERS),
    "discussions.edit POST": write(
        "/comments/{comment}/edit", {"body": "b", "version": "1"}, {MEMBER}, READERS
    ),
    "discussions.delete GET": read("/comments/{comment}/delete", {MEMBER, DIRECTION}, READERS),
    "discussions.delete POST": write("/comments/{comment}/delete", {}, {MEMBER, DIRECTION}, READERS),
    "discussions.resolve POST": write("/threads/{thread}/resolve", {}, READERS),
    "discussions.reopen POST": write("/threads/{thread}/reopen", {}, READERS),
}
SPRINTS = {
    "sprints.index GET": read(S, READERS),
    "sprints.plan_page GET": read(f"{S}/plan", TEAM, READERS),
    "sprints.plan POST": write(f"{S}/plan", PLAN, TEAM, READERS),
    "sprints.page GET": read(f"{S}/1", READERS),
    "sprints.edit_plan_page GET": read(f"{S}/3/edit", TEAM, READERS),
    "sprints.edit_plan POST": write(f"{S}/3/edit", PLAN | {"version": "1"}, TEAM, READERS),
    "sprints.start_page GET": read(f"{S}/3/start", TEAM, READERS),
    "sprints.start POST": write(f"{S}/3/start", {"ends_on": "2030-01-11"}, TEAM, READERS),
    "sprints.undo POST": write(f"{S}/2/undo", {"version": "1"}, TEAM, READERS),
    "running_sprint.change_item_state POST": write(f"{S}/2/move", MOVE, TEAM, READERS),
    "running_sprint.add POST": write(f"{S}/2/add", {"title": "5 Annoter"}, TEAM, READERS),
    "sprints.drop_page GET": read(f"{S}/3/drop", TEAM, READERS),
    "sprints.drop POST": write(f"{S}/3/drop", {}, TEAM, READERS),
    "sprints.history GET": read(f"{S}/1/history", READERS),
    "sprint_log.close_page GET": read(f"{S}/2/close", TEAM, READERS),
    "sprint_log.close POST": write(f"{S}/2/close", LOG, TEAM, READERS),
    "sprint_log.save_draft POST": write(f"{S}/2/draft", LOG, TEAM, READERS),
    "sprint_log.log_page GET": read(f"{S}/1/log", TEAM, READERS),
    "sprint_log.edit_log POST": write(f"{S}/1/log", LOG, TEAM, READERS),
}
V = {"version": "{version}"}
BACKLOG = {
    "backlog.index GET": read(K, READERS),
    **EXCHANGE,
    "backlog.add POST": write(K, {"lines": "5 Annoter", "to": "bottom"}, TEAM, READERS),
    "backlog.arrange POST": write(f"{K}/arrange", {"items": "2-{version}", "to": "top"}, TEAM, READERS),
    "items.page GET": read(f"{K}/1", READERS),
    "items.edit_page GET": read(f"{K}/4/edit", TEAM, READERS),
    "items.edit POST": write(
        f"{K}/4/edit", V | {"title": "t", "kind": "data", "assignee_id": "", "points": "3"}, TEAM, READERS
    ),
    "items.set_state POST": write(f"{K}/1/state", V | {"state": "doing"}, TEAM, READERS),
    "items.move POST": write(f"{K}/1/move", V | {"to": "bottom"}, TEAM, READERS),
    "items.assign_to_self POST": write(f"{K}/1/take", V, TEAM, READERS),
    "items.take_back POST": write(f"{K}/3/take-back", V, TEAM, READERS),
    "items.block_page GET": read(f"{K}/5/block", TEAM, READERS),
    "items.block POST": write(f"{K}/5/block", V | {"reason": "r"}, TEAM, READERS),
    "items.split_page GET": read(f"{K}/6/split", TEAM, READERS),
    "items.split POST": write(f"{K}/6/split", V | {"lines": "l", "points": "1"}, TEAM, READERS),
    "items.drop_page GET": read(f"{K}/1/drop", TEAM, READERS),
    "items.drop POST": write(f"{K}/1/drop", V, TEAM, READERS),
    "sprint_board.page GET": read(f"{P}/board", READERS),
    "sprint_board.change_item_state POST": write(f"{P}/board", MOVE, TEAM, READERS),
    "sprint_scope.page GET": read(f"{S}/3/items", TEAM, READERS),
    "sprint_scope.change_scope POST": write(f"{S}/3/items", {"items": "2-{version}"}, TEAM, READERS),
    "sprint_figures.page GET": read(f"{P}/figures", READERS),
}
PROJECTS = {
    "projects.index GET": read("/projects", EVERYBODY),
    "projects.new GET": read(f"{G}/projects/new", {DIRECTION}, IN_PROGRAMME),
    "projects.create POST": write(f"{G}/projects/new", FILE, {DIRECTION}, IN_PROGRAMME),
    "projects.page GET": read(P, READERS),
    "projects.edit_page GET": read(f"{P}/edit", TEAM | {DIRECTION}, READERS),
    "projects.edit POST": write(f"{P}/edit", FILE, TEAM | {DIRECTION}, READERS),
    "projects.discussions GET": read(f"{P}/discussions", READERS),
    "projects.unread GET": read(f"{P}/unread", READERS),
    "projects.activity GET": read(f"{P}/activity", READERS),
    "projects.state_page GET": read(f"{P}/state", {DIRECTION}, READERS),
    "projects.change_state POST": write(f"{P}/state", {"move": "pause"}, {DIRECTION}, READERS),
    "team.index GET": read(f"{P}/team", READERS),
    "team.invite POST": write(f"{P}/invitations", INVITE, {LEAD, DIRECTION}, READERS),
    "team.withdraw_invitation POST": write(
        f"{P}/invitations/{{offer}}/withdraw", {}, {LEAD, DIRECTION}, READERS
    ),
    "team.assign_coach POST": write(
        f"{P}/coaches", {"coach-person": "{pooled_coach}", "coach-track": "{track}"}, {DIRECTION}, READERS
    ),
    "team.assign_reviewer POST": write(
        f"{P}/reviewers", {"reviewer-person": "{pooled_reviewer}"}, {DIRECTION}, READERS
    ),
    "team.tracks_page GET": read(f"{P}/tracks", {DIRECTION}, READERS),
    "team.choose_tracks POST": write(f"{P}/tracks", {"tracks": "technical"}, {DIRECTION}, READERS),
    "team.share_page GET": read(f"{T}/share", {LEAD, DIRECTION}, READERS),
    "team.set_time_share POST": write(
        f"{T}/share", {"share_of_time": "40", "version": "1"}, {LEAD, DIRECTION}, READERS
    ),
    "team.end_role_page GET": read(f"{T}/end", {LEAD, DIRECTION}, READERS),
    "team.end_role POST": write(f"{T}/end", {}, {LEAD, DIRECTION}, READERS),
}
A = "/administrators"
PROGRAMMES = {
    "programmes.index GET": read("/programmes", EVERYBODY),
    "programmes.new_page GET": read("/programmes/new", {ADMIN}, EVERYBODY),
    "programmes.create POST": write("/programmes/new", PROGRAMME, {ADMIN}, EVERYBODY),
    "programmes.page GET": read(G, IN_PROGRAMME),
    "programmes.edit_page GET": read(f"{G}/edit", {ADMIN, DIRECTION}, IN_PROGRAMME),
    "programmes.edit POST": write(f"{G}/edit", PROGRAMME, {ADMIN, DIRECTION}, IN_PROGRAMME),
    "programmes.invite POST": write(
        f"{G}/invitations", INVITE | {"role": "coach"}, {DIRECTION, ADMIN}, IN_PROGRAMME
    ),
    "programmes.withdraw_invitation POST": write(
        f"{G}/invitations/{{coach_offer}}/withdraw", {}, {DIRECTION}, IN_PROGRAMME - {ADMIN}
    ),
    "programmes.end_role_page GET": read(f"{G}/roles/{{pool_role}}/end", {DIRECTION, ADMIN}, IN_PROGRAMME),
    "programmes.end_role POST": write(f"{G}/roles/{{pool_role}}/end", {}, {DIRECTION, ADMIN}, IN_PROGRAMME),
    "tracks.index GET": read(f"{G}/tracks", {ADMIN, DIRECTION}, IN_PROGRAMME),
    "tracks.add POST": write(f"{G}/tracks", {"name_fr": "n"}, {ADMIN, DIRECTION}, IN_PROGRAMME),
    "tracks.edit_page GET": read(f"{G}/tracks/{{track}}", {ADMIN, DIRECTION}, IN_PROGRAMME),
    "tracks.edit POST": write(
        f"{G}/tracks/{{track}}",
        {"name_fr": "n", "place": "1", "version": "1"},
        {ADMIN, DIRECTION},
        IN_PROGRAMME,
    ),
    "tracks.remove_page GET": read(f"{G}/tracks/{{track}}/remove", {ADMIN, DIRECTION}, IN_PROGRAMME),
    "tracks.remove POST": write(f"{G}/tracks/{{track}}/remove", {}, {ADMIN, DIRECTION}, IN_PROGRAMME),
    "administrators.index GET": read(A, {ADMIN}),
    "administrators.invite POST": write(f"{A}/invitations", INVITE | {"role": "administrator"}, {ADMIN}),
    "administrators.withdraw_invitation POST": write(
        f"{A}/invitations/{{admin_offer}}/withdraw", {}, {ADMIN}
    ),
    "invitations.show_link_once GET": read("/invitations/{offer}/link", {LEAD}),
}
H = "/people/{someone}"
DIRECTORY = {
    "directory.index GET": read("/people", {ADMIN}),
    "directory.page GET": read(H, {ADMIN}),
    "directory.close_page GET": read(f"{H}/close", {ADMIN}),
    "directory.close_account POST": write(f"{H}/close", {}, {ADMIN}),
    "directory.open_page GET": read(f"{H}/open", {ADMIN}),
    "directory.reopen_account POST": write(f"{H}/open", {}, {ADMIN}),
    "directory.administrator_page GET": read(f"{H}/administrator", {ADMIN}),
    "directory.make_administrator POST": write(f"{H}/administrator", {}, {ADMIN}),
    "directory.end_role_page GET": read(f"{H}/roles/{{someones_role}}/end", {ADMIN}),
    "directory.end_role POST": write(f"{H}/roles/{{someones_role}}/end", {}, {ADMIN}),
}
OWN = {
    "home.index GET": read("/", EVERYBODY),
    "home.work_as POST": write("/workplace", {"workplace": "team"}, EVERYBODY),
    "home.reviews GET": read("/reviews", {REVIEWER}),
    "home.rereviews GET": read("/rereviews", {REVIEWER}),
    "home.reports GET": read("/reports", {DIRECTION, OPERATOR, OBSERVER}),
    "search.index GET": read("/search", EVERYBODY),
    "search.go_to GET": read("/go-to", EVERYBODY),
    "search.keyboard_shortcuts GET": read("/shortcuts", EVERYBODY),
    "portfolio.index GET": read("/portfolio", {COACH, DIRECTION, OPERATOR, OBSERVER}),
    "accounts.profile GET": read("/profile", EVERYBODY),
    "accounts.change_profile POST": write(
        "/profile", {"name": "n", "locale": "fr", "time_zone": "UTC", "version": "1"}, EVERYBODY
    ),
    "accounts.change_password POST": write("/profile/password", {}, EVERYBODY),
    "accounts.sign_out POST": write("/sign-out", {}, EVERYBODY),
    "sessions.index GET": read("/profile/sessions", EVERYBODY),
    "sessions.close POST": write("/profile/sessions/{session}/close", {}, {MEMBER}),
    "sessions.close_others POST": write("/profile/sessions/close-others", {}, EVERYBODY),
    "sessions.close_all POST": write("/profile/sessions/close-all", {}, EVERYBODY),
    "addresses.edit GET": read("/profile/address", EVERYBODY),
    "addresses.ask POST": write("/profile/address", {}, EVERYBODY),
    "addresses.cancel POST": write("/profile/address/cancel", {}, EVERYBODY),
    "gallery.components GET": read("/ui", EVERYBODY),
}
# Public pages.
OPEN = {
    "accounts.sign_in GET": read("/sign-in", EVERYBODY),
    "accounts.open_session POST": write("/sign-in", {"email": "a", "password": "b"}, EVERYBODY),
    "accounts.language POST": write("/language", {"locale": "fr"}, EVERYBODY),
    "passwords.forgotten GET": read("/forgotten-password", EVERYBODY),
    "passwords.ask POST": write("/forgotten-password", {"email": "a@demo.example"}, EVERYBODY),
    "passwords.asked GET": read("/forgotten-password/sent", EVERYBODY),
    "passwords.open_link GET": read("/new-password/{reset_link}", EVERYBODY),
    # These redirect unless a link was opened before.
    "passwords.choose GET": read("/new-password", EVERYBODY),
    "passwords.choose_password POST": write("/new-password", {}, EVERYBODY),
    "addresses.open_link GET": read("/address-change/{address_link}", EVERYBODY),
    "addresses.confirmation_page GET": read("/address-change", EVERYBODY),
    "addresses.confirm POST": write("/address-change", {}, EVERYBODY),
    "addresses.refuse POST": write("/address-change/refusal", {}, EVERYBODY),
    "invitations.show_invitation GET": read("/invitations/{token}", EVERYBODY),
    "invitations.accept POST": write("/invitations/{token}", {"knowingly": "y"}, EVERYBODY),
    "participant.questions GET": read("/reply/{participant_link}", EVERYBODY),
    "participant.reply POST": write(
        "/reply/{participant_link}", {f"i{n}": "3" for n in range(1, 11)}, EVERYBODY
    ),
    "pages.accessibility GET": read("/accessibility", EVERYBODY),
    "api_guide.guide GET": read("/api", EVERYBODY),
    "api_guide.explore GET": read("/api/explore", EVERYBODY),
    "pages.legal GET": read("/legal", EVERYBODY),
    "pages.privacy GET": read("/privacy", EVERYBODY),
    **PUBLIC_SIGN_IN_DOORS,
    **PUBLISHED_DOORS,
    **PUBLIC_CARD_DOORS,
    **PUBLIC_CALL_DOORS,
    **UNSUBSCRIBE_DOORS,
    **{f"health.{probe} GET": read(f"/health/{probe}", EVERYBODY) for probe in ("live", "ready", "started")},
    "metrics.serve_metrics GET": read("/metrics", EVERYBODY),
}
DOORS = (
    DISCUSSIONS
    | SPRINTS
    | BACKLOG
    | PROJECTS
    | FILE_DOORS
    | CEREMONY_DOORS
    | USER_TEST_DOORS
    | FUNDING_DOORS
    | GATE_DOORS
    | RISK_DOORS
    | REVIEW_DOORS
    | COACHING_DOORS
    | TRANSPARENCY_DOORS
    | LEAVING_DOORS
    | PROGRAMMES
    | DIRECTORY
    | OWN
    | OPEN
    | NOTIFICATION_DOORS
    | CALL_DOORS
    | WEBHOOK_DOORS
    | PRIVACY_DOORS
    | SIGN_IN_DOORS
)
