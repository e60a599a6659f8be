"""A reader's copy of their data forgets no table that names a reader, or says why."""

from __future__ import annotations

from belowline.storage.tables import metadata

IN_THE_COPY = {
    "appeals.reader_id",
    "comments.author_id",
    "decisions.reader_id",
    "defamation_notices.author_id",
    "follows.reader_id",
    "identities.reader_id",
    "legal_notices.reader_id",
    "mutes.reader_id",
    "network_traces.reader_id",
    "notices.reader_id",
    "past_claims.reader_id",
    "past_records.by_reader_id",
    "past_records.reader_id",
    "questions.asked_by",
    "reactions.reader_id",
    "reports.reporter_id",
    "rule_acceptances.reader_id",
    "sanctions.reader_id",
    "saved_views.reader_id",
    "sessions.reader_id",
    "staff.reader_id",
    "story_authors.reader_id",
    "trusted_reporters.reader_id",
    "withdrawal_proposals.reader_id",
}
LEFT_OUT = {
    "mutes.muted_id": "Who does not wish to read somebody is told to nobody, least of all to them.",
    "past_claims.past_id": "The author of old has no copy of their own; who they became has.",
    "past_proofs.reader_id": "A hash that says nothing, by which an author of old can be claimed.",
}
AT_WORK = {
    "batches.reader_id",
    "case_notes.author_id",
    "evidence_looks.reader_id",
    "leases.reader_id",
    "legal_holds.owner_id",
    "legal_log.reader_id",
    "second_looks.reader_id",
    "spot_checks.reader_id",
}
"""What somebody did as a moderator or editor is the site's record, not theirs."""


def test_every_column_that_names_a_reader_is_accounted_for() -> None:
    naming = {
        str(column)
        for table in metadata.tables.values()
        for column in table.columns
        if any(key.column is metadata.tables["readers"].c.id for key in column.foreign_keys)
    }
    by_staff = {one for one in naming if one.endswith("_by")} - IN_THE_COPY

    assert naming - by_staff == IN_THE_COPY | set(LEFT_OUT) | AT_WORK
