"""A statement of reasons is complete whatever was decided, and holds nobody's words."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.language import language_of
from belowline.core.terms import DecisionId, Outcome, RuleKey, SanctionKind, Source
from belowline.rules.default import DEFAULT_RULES
from belowline.transparency import eu_values as eu
from belowline.transparency.eu_check import Complaint, check_each, check_statement
from belowline.transparency.statement_files import to_csv, to_json_lines
from belowline.transparency.statements import Restriction, make_statement

DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))
LANGUAGES = st.sampled_from(["en", "de", "fr", "cy", "ar", "pl", "es", "gsw", "en-US"])

REMOVAL = Restriction(
    decision_id=DecisionId(7),
    site_key="courier",
    outcome=Outcome.REMOVE,
    sanction=None,
    source=Source.REPORT,
    automated=False,
    rule=RuleKey("hate"),
    rule_title="Do not spread hatred of a group",
    rule_text="Do not use slurs.",
    rulebook_version=3,
    eu_category="ILLEGAL_OR_HARMFUL_SPEECH",
    written_on=date(2026, 3, 1),
    applied_on=date(2026, 3, 2),
    ends_on=None,
    language="en-GB",
    rule_url="https://comments.paper.example/rules/courier/3#hate",
)


@st.composite
def restrictions(draw: st.DrawFn) -> Restriction:
    outcome = draw(st.sampled_from(Outcome))
    applied_on = draw(st.dates(date(2020, 1, 1), date(2037, 1, 1)))
    lasts = draw(st.none() | st.integers(0, 4000))
    rule = draw(st.sampled_from(DEFAULT_RULES))
    return Restriction(
        decision_id=DecisionId(draw(st.integers(1, 2**62))),
        site_key=draw(st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True)),
        outcome=outcome,
        sanction=draw(st.sampled_from(SanctionKind)) if outcome is Outcome.SANCTION else None,
        source=draw(st.sampled_from(Source)),
        automated=draw(st.booleans()),
        rule=rule.key,
        rule_title=draw(st.text(max_size=700)),
        rule_text=draw(st.text(max_size=3000)),
        rulebook_version=draw(st.integers(1, 10_000)),
        eu_category=draw(st.sampled_from([rule.eu_category, "NONE_OF_THEM", "VIOLENCE"])),
        written_on=min(draw(DAYS), applied_on),
        applied_on=applied_on,
        ends_on=applied_on + timedelta(days=lasts) if lasts is not None else None,
        language=draw(LANGUAGES),
        rule_url="https://comments.paper.example/rules/" + "x" * draw(st.integers(0, 700)),
    )


@given(restrictions())
def test_whatever_restricts_a_reader_has_a_statement_that_would_be_taken(one: Restriction) -> None:
    if one.needs_statement:
        made = make_statement(one, say=language_of(one.language).say)
        assert check_statement(made.record()) == []
    else:
        with pytest.raises(ValueError, match="restricts nobody"):
            make_statement(one)


@given(st.lists(restrictions().filter(lambda one: one.needs_statement), max_size=5))
def test_files_hold_what_was_made(found: list[Restriction]) -> None:
    made = [make_statement(one) for one in found]
    records = [one.record() for one in made]
    assert [json.loads(line) for line in to_json_lines(made).split("\n")[:-1]] == records
    rows = [*csv.DictReader(io.StringIO(to_csv(made), newline=""))]
    assert [row["puid"] for row in rows] == [one.puid for one in made]
    for row, record in zip(rows, records, strict=True):
        for name, cell in row.items():
            value = record.get(name, "")
            assert (json.loads(cell) if isinstance(value, list) else cell) == value


@pytest.mark.parametrize(
    ("outcome", "sanction", "field", "value"),
    [
        pytest.param(
            Outcome.REMOVE,
            None,
            "decision_visibility",
            ["DECISION_VISIBILITY_CONTENT_REMOVED"],
            id="taken down",
        ),
        pytest.param(
            Outcome.REFUSE,
            None,
            "decision_visibility",
            ["DECISION_VISIBILITY_CONTENT_REMOVED"],
            id="refused by a check",
        ),
        pytest.param(
            Outcome.HOLD,
            None,
            "decision_visibility",
            ["DECISION_VISIBILITY_CONTENT_DISABLED"],
            id="hidden until somebody looks",
        ),
        pytest.param(
            Outcome.SANCTION,
            SanctionKind.SUSPENSION,
            "decision_provision",
            "DECISION_PROVISION_PARTIAL_SUSPENSION",
            id="suspended",
        ),
        pytest.param(
            Outcome.SANCTION,
            SanctionKind.WITHDRAWAL,
            "decision_provision",
            "DECISION_PROVISION_PARTIAL_TERMINATION",
            id="privilege withdrawn; the account is not touched",
        ),
    ],
)
def test_each_measure_has_its_name_in_the_database(
    outcome: Outcome, sanction: SanctionKind | None, field: str, value: object
) -> None:
    record = make_statement(replace(REMOVAL, outcome=outcome, sanction=sanction)).record()
    assert record[field] == value
    assert len({"decision_visibility", "decision_provision"} & set(record)) == 1


def test_the_facts_name_nobody_and_the_rule_is_cited_with_its_version() -> None:
    record = make_statement(REMOVAL).record()
    assert record["decision_facts"] == (
        "A reader’s comment was taken down. It came up through a report under the house rules. "
        "A person decided. It was found to break the rule “Do not spread hatred of a group” in "
        "version 3 of the rules."
    )
    assert record["source_type"] == "SOURCE_TYPE_OTHER_NOTIFICATION"
    assert record["category_specification"] == ["KEYWORD_HATE_SPEECH"]
    assert "source_identity" not in record


def test_a_warning_restricts_nothing_yet() -> None:
    warned = replace(REMOVAL, outcome=Outcome.SANCTION, sanction=SanctionKind.WARNING)
    assert not warned.needs_statement


def test_a_comment_from_before_the_databases_first_day_counts_as_of_then() -> None:
    record = make_statement(replace(REMOVAL, written_on=date(1998, 5, 4))).record()
    assert record["content_date"] == "2000-01-01"


GOOD = make_statement(REMOVAL).record()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param({"author": "x"}, ("author", "unknown"), id="a field of our own"),
        pytest.param({"puid": ""}, ("puid", "missing"), id="without its number"),
        pytest.param({"puid": "a b"}, ("puid", "bad_characters"), id="a blank in the number"),
        pytest.param({"puid": "a" * 501}, ("puid", "too_long"), id="too long a number"),
        pytest.param({"category": "VIOLENCE"}, ("category", "not_listed"), id="half a name"),
        pytest.param({"category": ["x"]}, ("category", "not_text"), id="a list for one value"),
        pytest.param(
            {"content_type": "CONTENT_TYPE_TEXT"}, ("content_type", "not_listed"), id="no list"
        ),
        pytest.param(
            {"territorial_scope": ["GB"]}, ("territorial_scope", "not_listed"), id="not the Union"
        ),
        pytest.param(
            {"territorial_scope": ["IE", "IE"]}, ("territorial_scope", "repeated"), id="twice"
        ),
        pytest.param(
            {"decision_visibility": []}, ("decision_visibility", "missing"), id="no measure at all"
        ),
        pytest.param(
            {"decision_visibility": ["DECISION_VISIBILITY_OTHER"]},
            ("decision_visibility_other", "missing"),
            id="another measure that is not told",
        ),
        pytest.param(
            {"decision_visibility_other": "Blurred"},
            ("decision_visibility_other", "out_of_place"),
            id="another measure where there is none",
        ),
        pytest.param(
            {"decision_monetary": "DECISION_MONETARY_OTHER"},
            ("decision_monetary_other", "missing"),
            id="another measure about money",
        ),
        pytest.param(
            {"content_type": ["CONTENT_TYPE_OTHER"]},
            ("content_type_other", "missing"),
            id="another kind of content",
        ),
        pytest.param(
            {"decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT"},
            ("illegal_content_legal_ground", "missing"),
            id="against the law, but which",
        ),
        pytest.param(
            {"incompatible_content_explanation": ""},
            ("incompatible_content_explanation", "missing"),
            id="against the rules, but why",
        ),
        pytest.param(
            {"illegal_content_explanation": "x"},
            ("illegal_content_explanation", "out_of_place"),
            id="a law where a rule is cited",
        ),
        pytest.param(
            {"incompatible_content_illegal": "Maybe"},
            ("incompatible_content_illegal", "not_listed"),
            id="maybe",
        ),
        pytest.param(
            {"decision_facts": "x" * 5001}, ("decision_facts", "too_long"), id="too many facts"
        ),
        pytest.param(
            {"category_specification": ["KEYWORD_RUDE"]},
            ("category_specification", "not_listed"),
            id="a keyword of our own",
        ),
        pytest.param(
            {"category_specification_other": "x"},
            ("category_specification_other", "out_of_place"),
            id="another keyword where none is said to be",
        ),
        pytest.param({"content_date": "2.3.2026"}, ("content_date", "not_a_day"), id="no day"),
        pytest.param(
            {"content_date": "2026-02-30"}, ("content_date", "not_a_day"), id="no such day"
        ),
        pytest.param({"content_date": "1999-12-31"}, ("content_date", "out_of_range"), id="early"),
        pytest.param(
            {"application_date": "2019-12-31"}, ("application_date", "out_of_range"), id="too early"
        ),
        pytest.param(
            {"application_date": "2038-01-02"}, ("application_date", "out_of_range"), id="too late"
        ),
        pytest.param(
            {"end_date_visibility_restriction": "2026-03-01"},
            ("end_date_visibility_restriction", "out_of_range"),
            id="ends before it begins",
        ),
        pytest.param(
            {"end_date_account_restriction": "2026-03-09"},
            ("end_date_account_restriction", "out_of_place"),
            id="an end of what did not begin",
        ),
        pytest.param(
            {"source_type": "SOURCE_VOLUNTARY", "source_identity": "x"},
            ("source_identity", "out_of_place"),
            id="a notifier of nothing",
        ),
        pytest.param({"content_language": "en"}, ("content_language", "not_a_language"), id="en"),
        pytest.param(
            {"decision_ground_reference_url": "rules/3"},
            ("decision_ground_reference_url", "not_an_address"),
            id="half an address",
        ),
        pytest.param(
            {"automated_decision": "No"}, ("automated_decision", "not_listed"), id="the old answer"
        ),
    ],
)
def test_what_the_database_would_send_back_is_found(
    change: dict[str, str | list[str]], complaint: tuple[str, str]
) -> None:
    assert check_statement(GOOD) == []
    assert Complaint(*complaint) in check_statement({**GOOD, **change})


def test_a_number_that_comes_twice_is_found() -> None:
    assert [*check_each([GOOD, GOOD])] == [(1, Complaint("puid", "repeated"))]


def test_the_lists_are_as_long_as_the_databases() -> None:
    assert (len(eu.CATEGORIES), len(eu.KEYWORDS), len(eu.COUNTRIES)) == (16, 69, 30)
