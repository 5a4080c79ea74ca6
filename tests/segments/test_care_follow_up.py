"""Follow-up: rhythm, overdue actions, contacts without progress."""

from small_books import book, order

from playbook import segments
from playbook.page import Missing


def test_follow_up_worked_by_hand(contacted):
    result = segments.follow_up(contacted)
    kept = result.table.set_index("group")
    assert kept.loc["A", "kept"] == 1 and kept.loc["B", "kept"] == 0 and kept.loc["C", "never"] == 1
    assert result.overdue[["name", "owner", "late"]].to_numpy().tolist() == [["A1", "Bo", 1]]
    assert result.stalled["subject"].tolist() == ["B1"] and result.stalled["touches"].tolist() == [
        3
    ]
    checks = result.checks["n"].tolist()
    assert checks == [
        1,
        1,
        1,
        3,
    ]  # B1's newest contact lacks all three; three contacts written down three days late
    assert {k.value for k in result.kpis() if k.name == "follow_up.overdue"} == {1}


def test_one_contact_with_progress_ends_the_count():
    log = [
        {
            "activity_id": f"y{i}",
            "date": f"2023-06-0{i}",
            "rep_id": "r",
            "kind": "call",
            "customer_id": "a",
            "progressed": i == 3,
        }
        for i in range(1, 6)
    ]
    assert segments.follow_up(
        book("2023-06", orders=[order("a", "2023-06-01", 9, 1)], activities=log)
    ).stalled.empty


def test_an_overdue_action_with_a_lead_long_decided_still_has_a_name():
    leads = [
        {"lead_id": "L1", "created": "2022-01-01", "company": "Lorgate Ltd"},
        {"lead_id": "anchor", "created": "2023-06-30"},
    ]
    deals = [
        {
            "opportunity_id": "d",
            "lead_id": "L1",
            "created": "2022-01-01",
            "stage": "lead",
            "outcome": "lost",
            "closed": "2022-05-05",
        }
    ]
    log = [
        {
            "activity_id": "x",
            "date": "2023-05-01",
            "rep_id": "r",
            "kind": "call",
            "lead_id": "L1",
            "next_action": "call again",
            "due": "2023-05-20",
            "status": "open",
        }
    ]
    found = segments.follow_up(
        book("2023-06", leads=leads, opportunities=deals, activities=log)
    ).overdue
    assert found[["name", "late"]].to_numpy().tolist() == [["Lorgate Ltd", 41]]


def test_future_contacts_change_nothing():
    later = book(
        "2023-06",
        orders=[
            order("A1", "2023-05-01", 1000, 1, rep_id="r1"),
            order("A1", "2023-07-01", 5, 9, rep_id="r1"),
        ],
        activities=[
            {
                "activity_id": "z",
                "date": "2023-07-02",
                "rep_id": "r1",
                "kind": "call",
                "customer_id": "A1",
                "progressed": True,
            }
        ],
    )
    assert isinstance(segments.follow_up(later), Missing)  # on that day there was no contact yet
    assert segments.capacity(later).table["spent"].isna().all()
