"""What the feature "reviews" brings to the application."""

from functools import partial

from portal.ethics.reviews import (
    answer_views,
    api,
    calendar,
    condition_views,
    import_views,
    labels,
    notifications,
    register_api,
    register_views,
    to_decide_labels,
    to_decide_views,
    views,
    withdrawal_views,
    workflow_views,
)
from portal.ethics.reviews.attachment_queries import ANSWER_ATTACHMENTS, REVIEW_ATTACHMENTS
from portal.ethics.reviews.forms import FILE_MAX
from portal.ethics.reviews.models import (
    DECIDED,
    Review,
    ReviewAnswer,
    ReviewCondition,
    ReviewDecision,
    ReviewRound,
    SectionOpinion,
)
from portal.ethics.reviews.search import SEARCH
from portal.platform.kernel.personal_data import PersonalChildTable, PersonalDataset, PersonalTable
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.platform.web.rate_limits import at_most, own_session
from portal.platform.web.uploads import READ_FACTOR, SmallUpload, UploadEndpoint
from portal.project.projects.attachment_queries import ProjectAttachmentKind

FEATURE = Feature(
    api=(api.area, register_api.area),
    search=SEARCH,
    blueprints=(
        views.bp,
        register_views.bp,
        answer_views.bp,
        import_views.bp,
        workflow_views.bp,
        condition_views.bp,
        withdrawal_views.bp,
    ),
    sensitive=("reviews.as_json",),
    limits={
        "reviews.as_json": (at_most("120 per hour", own_session),),
        "review_imports.import_answers": (at_most("60 per hour", own_session),),
    },
    uploads={
        "review_imports.import_answers": UploadEndpoint(
            READ_FACTOR * FILE_MAX, partial(SmallUpload, FILE_MAX)
        )
    },
    navigation=dict.fromkeys(
        (
            "reviews",
            "review_questions",
            "review_imports",
            "review_desk",
            "review_conditions",
            "review_withdrawals",
        ),
        ProjectMenuEntry.ETHICS,
    ),
    sections=(labels.CHAPTER, labels.SPRINT_SECTION),
    to_decide=(*to_decide_labels.KINDS, *to_decide_views.IN_PLACE_ACTS),
    notifications=(*notifications.KINDS, *notifications.RULES, *notifications.ENDS, *notifications.DUES),
    calendar=calendar.DATES,
    attachments=(
        REVIEW_ATTACHMENTS,
        ANSWER_ATTACHMENTS,
        ProjectAttachmentKind(
            ReviewCondition,
            _l("Condition %(n)s"),
            "review_conditions.page",
            visibility=lambda _actor: ReviewCondition.decided_at.is_not(None),
        ),
    ),
    places={
        "review_desk.request_more": "reviews.page",
        "review_desk.reopen": "reviews.page",
        "review_desk.choose_reviewer": "reviews.page",
        "review_withdrawals.discard": "reviews.page",
        "review_withdrawals.withdraw": "reviews.page",
        "review_conditions.change": "review_conditions.page",
        "review_conditions.prove": "review_conditions.page",
        "review_conditions.give_back": "review_conditions.page",
        "review_conditions.draft_condition": "reviews.page",
    },
    personal_data=(
        PersonalDataset(
            "reviews",
            _l("Revues éthiques"),
            (
                PersonalTable(
                    model=ReviewCondition,
                    typed={
                        "proof": "proved_by_id",
                        "proof_link": "proved_by_id",
                        "returned_because": "confirmed_by_id",
                    },
                ),
                PersonalTable(model=ReviewRound, typed={"because": "begun_by_id"}),
                PersonalTable(model=Review, open_work={"reviewer_id": Review.state.not_in(DECIDED)}),
                PersonalTable(model=ReviewAnswer, authors=("answered_by_id",)),
                PersonalTable(model=ReviewDecision, authors=("signed_by_id",)),
                PersonalTable(model=SectionOpinion, authors=("written_by_id",)),
            ),
            parts=(PersonalChildTable(ReviewCondition.review_id, Review.reviewer_id, ("what",)),),
        ),
    ),
)
