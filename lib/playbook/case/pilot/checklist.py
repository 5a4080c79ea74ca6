"""The items of the readiness checklist, each read off a book's tables."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from playbook.base.formats import listing, plural
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.people import new_hires
from playbook.data.measures.people import reps as people_of
from playbook.methods import pilot_design
from playbook.page import Result

from .checklist_item import UNKNOWN, ChecklistItem, small_table, state_by
from .panels import LABEL
from .plan import PilotPlan

RECENT = 45  # days within which a review or check-in counts as alive


def items_of(book: Book, plan: Result) -> list[ChecklistItem]:
    """All items of the checklist. plan: the result of ``pilot_plan`` on the book."""
    return [
        *_agreement(book),
        *_rhythm(book),
        *_pilot(book, plan),
        *_people(book),
        _data(book),
    ]


def _agreement(book: Book) -> list[ChecklistItem]:
    results = small_table(book, "key_results", "objective", "key_result", "owner", "level", "due")
    company = results[results.level.fillna("company") == "company"] if len(results) else results
    owned = float(company.owner.notna().mean()) if len(company) else 0.0 if len(results) else None
    live = small_table(book, "strategies", "strategy", "start", "due")
    count = (
        int(
            live[
                (pd.to_datetime(live.due) >= pd.Timestamp(book.as_of - timedelta(days=92)))
            ].strategy.nunique()
        )
        if len(live)
        else 0
    )
    return [
        ChecklistItem(
            later("Agreement"),
            say("Company objectives with key results and owners"),
            state_by(owned),
            (
                say(
                    "{key_results} of the company, {owned} with an owner",
                    key_results=plural(len(company), "key result"),
                    owned=book.fmt.share(owned),
                )
                if len(company)
                else say("no key result of the company")
                if len(results)
                else say("no table of key results")
            ),
            say("Agree two or three objectives with key results, each with an owner at the top"),
            later("chief executive"),
        ),
        ChecklistItem(
            later("Agreement"),
            say("Few core strategies at once"),
            UNKNOWN
            if live.empty
            else "missing"
            if not count
            else "in place"
            if count <= 2
            else "in part",
            say("no table of strategies")
            if live.empty
            else say(
                "{strategies} of the last quarter",
                strategies=plural(count, "strategy", "strategies"),
            ),
            say("Choose at most two core strategies for the period"),
            later("sales director"),
        ),
    ]


def _rhythm(book: Book) -> list[ChecklistItem]:
    checks = small_table(book, "check_ins", "key_result", "date")
    since = pd.Timestamp(book.as_of - timedelta(days=RECENT))
    alive = int((pd.to_datetime(checks.date) >= since).sum()) if len(checks) else 0
    agreed = small_table(book, "meetings", "meeting_date", "due", "done_on")
    ripe = agreed[pd.to_datetime(agreed.due) <= pd.Timestamp(book.as_of)] if len(agreed) else agreed
    done = float(ripe.done_on.notna().mean()) if len(ripe) else None
    return [
        ChecklistItem(
            later("Rhythm"),
            say("Check-ins on key results"),
            "in place" if alive >= 4 else "in part" if len(checks) else UNKNOWN,
            say(
                "{check_ins} in the last {recent} days",
                check_ins=plural(alive, "check-in"),
                recent=RECENT,
            )
            if len(checks)
            else say("no table of check-ins"),
            say("A check-in on every key result each week"),
            later("objective owners"),
        ),
        ChecklistItem(
            later("Rhythm"),
            say("Review actions get done"),
            state_by(done),
            (
                say(
                    "{done} of {due_actions} done",
                    done=book.fmt.share(done),
                    due_actions=plural(len(ripe), "due action"),
                )
                if len(ripe)
                else say("no review action is due")
                if len(agreed)
                else say("no table of review meetings")
            ),
            say("Open each review with the actions of the last one"),
            later("regional managers"),
        ),
    ]


def _pilot(book: Book, plan: Result) -> list[ChecklistItem]:
    if not isinstance(plan, PilotPlan):
        return [
            ChecklistItem(
                later("Pilot"),
                say("A pilot can be judged"),
                "missing",
                say("too few groups with sales in every month"),
                say("Split the team into at least six comparable groups"),
                later("sales operations"),
            )
        ]
    ran = bool(book.settings.pilot.groups)
    strong = plan.smallest <= 0.05
    best = plan.best
    return [
        ChecklistItem(
            later("Pilot"),
            say("A pilot was tried before roll-out"),
            "in place" if ran else UNKNOWN,
            listing(book.settings.pilot.groups, 4)
            if ran
            else say("no pilot named in the settings"),
            say("Pilot in {groups}", groups=plan.choices.iloc[0].groups)
            if strong
            else say("Plan a pilot that can be decided, as above"),
            later("sales operations"),
        ),
        ChecklistItem(
            later("Pilot"),
            say("Enough groups to judge by chance"),
            "in place" if strong else "missing",
            say(
                "smallest p {smallest} with {groups}",
                smallest=book.fmt.text(plan.smallest, "p"),
                groups=plural(len(plan.groups), "group"),
            ),
            say(
                "At least {groups_needed} groups, {take} of them piloted; or people"
                " or deals drawn by lot",
                groups_needed=pilot_design.groups_needed(plan.take),
                take=plan.take,
            ),
            later("sales operations"),
        ),
        ChecklistItem(
            later("Pilot"),
            say("The effect wanted could be seen"),
            "in place" if plan.months else "in part" if best is not None else "missing",
            (
                say(
                    "{label}: {detectable} or more in {months}, {scaled:.1f} times the"
                    " effect wanted",
                    label=say(LABEL[best.outcome]).lower(),
                    detectable=book.fmt.text(best.detectable, best.unit),
                    months=plural(int(best.months), "month"),
                    scaled=best.scaled,
                )
                if best is not None
                else say("history too short")
                if strong
                else say("no effect could be decided with these groups")
            ),
            say("Use a steadier outcome (a rate per deal), more groups or a longer pilot")
            if strong
            else say("More groups first; neither time nor another outcome helps with so few"),
            later("sales operations"),
        ),
    ]


def _people(book: Book) -> list[ChecklistItem]:
    people, year = people_of(book), book.window("trailing_12m")
    recent = new_hires(book, year) if len(people) else people
    asked = len(recent) and book.has("reps", "mentor_id")
    mentored = float(recent.mentor_id.notna().mean()) if asked else None
    trained = small_table(book, "training", "rep_id", "control")
    there = people[people.left.isna()] if len(people) else people
    share = (
        len(set(trained[~trained.control.fillna(False).astype(bool)].rep_id) & set(there.rep_id))
        / len(there)
        if len(there) and len(trained)
        else None
    )
    plan = bool(book.settings.commission_plans)
    return [
        ChecklistItem(
            later("People"),
            say("New hires have a mentor"),
            state_by(mentored),
            (
                say(
                    "{mentored} of {hires} of {start} – {end}",
                    mentored=book.fmt.share(mentored),
                    hires=plural(len(recent), "hire"),
                    start=book.fmt.text(year.start, "date"),
                    end=book.fmt.text(year.end, "date"),
                )
                if mentored is not None
                else say("nobody hired in the last twelve months")
                if people.hired.notna().any()
                else say("no hiring days known")
                if recent.empty
                else say("no column of mentors")
            ),
            say("Name a mentor for each hire"),
            later("sales training"),
        ),
        ChecklistItem(
            later("People"),
            say("The team is trained"),
            state_by(share),
            (
                say("{share} of the team took a course", share=book.fmt.share(share))
                if share is not None
                else say("no table of training")
                if trained.empty
                else say("no table of the people still here, to count the trained among")
            ),
            say("Weekly case dissection for everyone"),
            later("sales training"),
        ),
        ChecklistItem(
            later("People"),
            say("Pay follows the goal"),
            "in place" if plan else UNKNOWN,
            say("commission plan in the settings")
            if plan
            else say("no commission plan in the settings"),
            say("Write the plan down and compare it with another before it starts"),
            later("sales director"),
        ),
    ]


def _data(book: Book) -> ChecklistItem:
    wanted = {
        "orders": ("amount",),
        "opportunities": ("outcome",),
        "stage_events": ("entered_at",),
        "leads": ("created",),
        "customers": ("customer_type",),
        "targets": ("target",),
        "contracts": ("end",),
        "reps": ("hired",),
    }
    have = [name for name, columns in wanted.items() if book.has(name, *columns)]
    lacking = [name for name in wanted if name not in have]
    return ChecklistItem(
        later("Data"),
        say("The tables to see an effect are there"),
        state_by(len(have) / len(wanted), 1.0),
        say("{n} of {n_2} tables", n=len(have), n_2=len(wanted)),
        say("Add {lacking}", lacking=listing(lacking, 4)) if lacking else "–",
        later("sales operations"),
    )
