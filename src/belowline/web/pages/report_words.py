"""What the lines of a transparency report are called on its pages, section by section."""

from __future__ import annotations

from belowline.core.text import later

SECTIONS = {
    1: later("The service"),
    2: later("Orders from authorities"),
    3: later("Reports and notices"),
    4: later("On our own initiative: content against the law"),
    5: later("On our own initiative: content against our rules"),
    6: later("Complaints and disputes"),
    7: later("Measures against misuse"),
    8: later("Automated means"),
}
"""In the order of the European Union's harmonised form."""

INDICATORS = {
    "service": later("Name"),
    "service_key": later("Short name"),
    "tier": later("Kind of service"),
    "period_first_day": later("First day"),
    "period_last_day": later("Last day"),
    "orders_to_act": later("Orders to act against content"),
    "orders_to_inform": later("Orders to give information"),
    "reports_received": later("Reports received"),
    "reports_answered": later("What came of them"),
    "notices_of_illegal_content_received": later("Notices of illegal content received"),
    "notices_of_illegal_content_decided": later("Decisions after a notice of illegal content"),
    "notices_by_trusted_flaggers": later("Notices by trusted flaggers"),
    "median_time_to_decision": later("Median time to a decision"),
    "measures": later("Measures"),
    "measures_by_category": later("Measures, by category"),
    "measures_by_kind": later("Measures, by kind"),
    "measures_by_detection": later("Measures, by who noticed"),
    "complaints_received": later("Complaints received"),
    "complaints_received_from": later("Complaints received, by who made them"),
    "complaints_withdrawn": later("Complaints that ended without an answer"),
    "decisions_reversed": later("Decisions reversed on a complaint"),
    "decisions_reversed_for": later("Decisions reversed, by who complained"),
    "decisions_upheld": later("Decisions left as they were"),
    "decisions_upheld_for": later("Decisions left as they were, by who complained"),
    "median_time_to_answer": later("Median time to an answer"),
    "disputes_out_of_court": later("Disputes before a settlement body"),
    "readers_kept_from_commenting": later("Readers kept from commenting"),
    "readers_kept_from_reporting": later("Readers kept from reporting"),
    "readers_kept_from_complaining": later("Readers kept from complaining"),
    "decided_automatically": later("Decided automatically"),
    "refused_automatically": later("Comments refused automatically"),
    "refused_automatically_and_reversed": later("Of these, published by a person afterwards"),
    "error_rate": later("Share of refusals that were wrong, by language"),
    "hidden_after_reports": later("Comments hidden because of reports until somebody looked"),
    "hidden_after_reports_and_shown_again": later("Of these, shown again"),
}

BREAKDOWNS = {
    "upheld": later("upheld"),
    "dismissed": later("dismissed"),
    "not_answered": later("not answered yet, or not needed any more"),
    "reports": later("of reports"),
    "notices": later("of notices"),
    "comment_removed": later("comment removed"),
    "comment_refused": later("comment refused"),
    "comment_hidden": later("comment hidden until somebody looked"),
    "comment_left": later("reported comment left"),
    "author": later("by whom the decision was against"),
    "reporter": later("by those who had reported"),
    "warning": later("warning"),
    "slowed": later("comments slowed down"),
    "hold_first": later("comments held first"),
    "report_pause": later("reports paused"),
    "suspension": later("suspended"),
    "withdrawal": later("privilege withdrawn"),
    "automatic": later("an automatic check"),
    "people": later("moderators"),
    "unknown": later("something earlier"),
}
"""What a figure is about; a category of the EU's has its own words, a language its tag."""

TIERS = {
    "none": later("not under the European Union’s Digital Services Act"),
    "hosting": later("hosting service"),
    "platform": later("online platform"),
}

NOTES = {
    "own_initiative": later("How we moderate on our own initiative"),
    "automated": later("What automatic checks do, and what guards against their mistakes"),
}
