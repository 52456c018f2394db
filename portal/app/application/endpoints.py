"""What the roof decides of each door: who may stand outside, how often one may try, what files.

Who gets in is decided by the features themselves.
"""

from collections.abc import Mapping
from functools import partial

from portal.ethics.reviews.forms import FILE_MAX as ANSWERS_MAX
from portal.platform.kernel.settings import Settings
from portal.platform.storage.spool import Spool
from portal.platform.web import rate_limits
from portal.platform.web.rate_limits import CountOnSuccess, at_most
from portal.platform.web.uploads import SmallUpload, UploadEndpoint
from portal.project.data_sources.sample_rules import SAMPLE_MAX, CsvMeter
from portal.sprints.backlog_import.csv_documents import FILE_MAX, FileIntake
from portal.user_tests.rounds.import_forms import FILE_MAX as RESULTS_MAX

# What a stranger may open. Everything else asks who is there: deny by default.
PUBLIC_ENDPOINTS = frozenset(
    {
        "accounts.sign_in",
        "accounts.open_session",
        "accounts.language",
        "addresses.answer",
        "addresses.confirm",
        "addresses.open_link",
        "addresses.refuse",
        "passwords.ask",
        "passwords.asked",
        "passwords.choose",
        "passwords.forgotten",
        "passwords.open_link",
        "passwords.replace",
        "invitations.offer",
        "invitations.take",
        "participant.questions",  # who holds a link answers a scale, and sees nothing else
        "participant.reply",
        "published.index",  # what teams publish, as it was published
        "published.landing",
        "published.page",
        "published.download",
        "published.as_json",
        "public_cards.index",  # the cards that programmes show
        "public_cards.landing",
        "public_cards.page",
        "calendars.feed",  # who holds a person's link reads the dates of that person
        "unsubscribe.ask",  # the link of a mail stops such mails, and nothing else
        "unsubscribe.stop",
        "pages.accessibility",
        "pages.legal",
        "pages.privacy",
        "health.live",
        "health.ready",
        "metrics.scrape",  # asks for a token of its own
    }
)
# For machines: whoever asks is not looked up.
MACHINE_ENDPOINTS = frozenset({"health.live", "health.ready", "metrics.scrape"})


# What the sealed link itself allows, and no session: a mail program asks it, which has no page of
# ours and so no form's token (RFC 8058).
CSRF_EXEMPT_ENDPOINTS = frozenset({"unsubscribe.stop"})


# How often one may try, by endpoint. The network comes first: once it is over, nothing else is
# counted, and no more rows are made. A whole ministry shares one, so only its failures count.
RATE_LIMITS = {
    "accounts.open_session": (
        at_most("100 per 15 minutes", rate_limits.network, CountOnSuccess.IS_GIVEN_BACK),
        at_most("10 per 15 minutes", rate_limits.typed_email, CountOnSuccess.CLEARS),
    ),
    "accounts.change_password": (
        at_most("10 per 15 minutes", rate_limits.own_session, CountOnSuccess.CLEARS),
    ),
    # Each sends letters, or opens what a letter's link opens.
    "passwords.ask": (
        at_most("100 per 15 minutes", rate_limits.network),
        at_most("5 per 15 minutes", rate_limits.typed_email),
    ),
    "passwords.replace": (
        at_most("100 per 15 minutes", rate_limits.network, CountOnSuccess.IS_GIVEN_BACK),
    ),
    "addresses.ask": (at_most("10 per 15 minutes", rate_limits.own_session),),
    # A participant’s link: nobody guesses one, and whoever tries is stopped.
    "participant.questions": (at_most("300 per 15 minutes", rate_limits.network),),
    "participant.reply": (
        at_most("100 per 15 minutes", rate_limits.network, CountOnSuccess.IS_GIVEN_BACK),
    ),
    "participant_links.make": (at_most("60 per 15 minutes", rate_limits.own_session),),
    "test_results.export": (at_most("120 per hour", rate_limits.own_session),),
    "result_imports.upload": (at_most("60 per hour", rate_limits.own_session),),
    "result_imports.as_csv": (at_most("120 per hour", rate_limits.own_session),),
    "result_imports.as_xlsx": (at_most("120 per hour", rate_limits.own_session),),
    "calendars.feed": (at_most("600 per 15 minutes", rate_limits.network),),
    "calendars.make": (at_most("30 per hour", rate_limits.own_session),),
    "unsubscribe.ask": (at_most("300 per 15 minutes", rate_limits.network),),
    "unsubscribe.stop": (
        at_most("100 per 15 minutes", rate_limits.network, CountOnSuccess.IS_GIVEN_BACK),
    ),
    # A file is compared line by line, and an export reads a whole backlog.
    "imports.upload": (at_most("60 per hour", rate_limits.own_session),),
    "exports.as_csv": (at_most("120 per hour", rate_limits.own_session),),
    "published.download": (at_most("120 per 15 minutes", rate_limits.network),),
    "reviews.as_json": (at_most("120 per hour", rate_limits.own_session),),
    "review_imports.take_file": (at_most("60 per hour", rate_limits.own_session),),
    "risk_exports.as_csv": (at_most("120 per hour", rate_limits.own_session),),
    "extracts.take": (at_most("120 per hour", rate_limits.own_session),),
    "concern_exports.take": (at_most("120 per hour", rate_limits.own_session),),
    "packs.make": (at_most("60 per hour", rate_limits.own_session),),
    "packs.download": (at_most("120 per hour", rate_limits.own_session),),
    "packs.as_lines": (at_most("120 per hour", rate_limits.own_session),),
    "outcomes.download": (at_most("120 per hour", rate_limits.own_session),),
    "exports.as_xlsx": (at_most("120 per hour", rate_limits.own_session),),
    # A PDF takes a processor for a tenth of a second.
    "consent.download": (at_most("120 per hour", rate_limits.own_session),),
    "test_reports.download": (at_most("120 per hour", rate_limits.own_session),),
    # Each may be looked at by the scanner, and fills the storage.
    "files.attach": (at_most("200 per 15 minutes", rate_limits.own_session),),
    "invitations.take": (
        at_most("100 per 15 minutes", rate_limits.network, CountOnSuccess.IS_GIVEN_BACK),
    ),
}


# Times the largest: up to there, whoever sends too much reads by how much, beside what they typed.
# A sample is an extract of something larger, and measuring costs no room.
UPLOAD_READ_FACTOR, SAMPLE_READ_FACTOR = 2, 5
# The only places where a file may come in, how large, and what takes it.
UPLOAD_ENDPOINTS = {
    "data_sources.note_sample": UploadEndpoint(
        SAMPLE_READ_FACTOR * SAMPLE_MAX, CsvMeter
    ),  # never kept
    "imports.upload": UploadEndpoint(
        UPLOAD_READ_FACTOR * FILE_MAX, FileIntake
    ),  # kept for a day in the database
    "result_imports.upload": UploadEndpoint(
        UPLOAD_READ_FACTOR * RESULTS_MAX, partial(SmallUpload, RESULTS_MAX)
    ),
    "review_imports.take_file": UploadEndpoint(
        UPLOAD_READ_FACTOR * ANSWERS_MAX, partial(SmallUpload, ANSWERS_MAX)
    ),
}
ATTACH_ENDPOINT = "files.attach"


def list_upload_endpoints(settings: Settings) -> Mapping[str, UploadEndpoint]:
    """All of them, the one whose size an installation chooses among them."""
    spool = partial(Spool, settings.incoming_folder, settings.file_max_bytes)
    return UPLOAD_ENDPOINTS | {
        ATTACH_ENDPOINT: UploadEndpoint(UPLOAD_READ_FACTOR * settings.file_max_bytes, spool)
    }
