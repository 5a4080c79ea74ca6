"""Sections about contacts on books without their tables."""

from small_books import book

from playbook import segments


def test_sections_without_their_tables_say_so():
    here = book(
        "2023-06",
        leads=[{"lead_id": "a", "created": "2023-06-30", "rep_id": "r"}],
        opportunities=[
            {"opportunity_id": "1", "created": "2023-06-01", "stage": "lead", "outcome": "open"}
        ],
    )
    for name in (
        "rfm",
        "sensitivity",
        "tiers",
        "abc",
        "movement",
        "tier_movement",
        "cohorts",
        "retention",
        "renewals",
        "ahead",
        "need_fit",
        "follow_up",
        "relationship",
        "stop_list",
        "calls",
        "actions",
    ):
        found = getattr(segments, name)(here)
        assert found.blocks()[-1].section["status"].startswith("not available"), name
    assert segments.leads(here).status == segments.capacity(here).status == "ok"
    segments.explore_segments(here, segments.rfm(here), segments.tiers(here))
