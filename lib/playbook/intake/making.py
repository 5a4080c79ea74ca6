"""A file placed by its names and values, as lines: what is renamed, and what has to be made."""

from __future__ import annotations

from dataclasses import replace

from playbook.base.formats import joined
from playbook.base.language import say
from playbook.data.tables import TABLES

from .contract_terms import over_its_term
from .headers import likeness, normal
from .matching import SURE, Match, kind_of
from .order_lines import repeated_on_lines
from .parts import parts
from .placing import Placed
from .plan import Line, TablePlan
from .profile import Profile
from .stages import deal_lines
from .units import UNIT_PRICE, in_unit
from .vocabulary import meanings

PROPOSED = 0.5  # from which the likeliest column of several is proposed, to be checked
CHANGED = {  # columns of deals whose changes are read → as the table of changes calls them
    "amount": "amount",
    "expected_close": "expected_close",
    "close_date": "expected_close",
    "stage": "stage",
    "probability": "probability",
    "rep_id": "rep_id",
}
PROFIT = {"profit", "gross profit", "margin amount", "gross margin", "利润", "毛利", "毛利额"}


def planned(placed: Placed) -> TablePlan:
    """The plan of a file that no preset knows."""
    lines = [
        Line(
            m.column,
            in_unit(placed.found, placed.table, m.column, m.header),
            _called_twice(placed, m) or reason_of(m, placed.table),
        )
        for m in placed.matches
        if m.sure
    ]
    lines = _once(placed, lines)
    lines += _same_again(placed, lines)
    lines += _made(placed, lines)
    lines += _proposed(placed, {line.column for line in lines})
    have = {line.column for line in lines}
    open_ = tuple(column for column in placed.missing if column not in have)
    plan = TablePlan(
        placed.table,
        placed.found,
        tuple(lines),
        _how_sure(placed),
        values=_values(placed),
        asks=tuple(_question(m) for m in placed.questions if m.column not in have),
        open_=open_,
    )
    if placed.table == "opportunities" and not open_:
        plan = deal_lines(plan)
    return over_its_term(plan)


def _once(placed: Placed, lines: list[Line]) -> list[Line]:
    """Money of a whole order that stands on each of its lines counts once."""
    have = {line.column: line.said for line in lines}
    order = have.get("order_id")
    if placed.table != "orders" or not isinstance(order, str):
        return lines
    apart = [have[c] for c in ("product_line", "quantity", "line_id") if c in have]
    differing = [header for header in apart if isinstance(header, str)]
    out = []
    for line in lines:
        money = kind_of("orders", line.column) == "money" and isinstance(line.said, str)
        if money and repeated_on_lines(placed.found, order, str(line.said), differing):
            said = {"column": line.said, "once": order}
            line = Line(
                line.column, said, say("CHECK: of the whole order, on each line: counted once")
            )
        out.append(line)
    return out


def _proposed(placed: Placed, have: set[str]) -> list[Line]:
    """For a required column that nothing is surely: the likeliest, or the only day there is, to be
    looked at by whoever reads the proposal.
    """
    out = []
    used = {m.header for m in placed.matches if m.sure}
    for column in placed.missing:
        if column in have:
            continue
        match = next((m for m in placed.matches if m.column == column), None)
        if match is not None and match.score >= PROPOSED:
            others = joined(match.others)
            why = (
                say("CHECK: proposed, or {others}; not sure", others=others)
                if others
                else say("CHECK: proposed; not sure")
            )
            out.append(Line(column, match.header, why))
        elif kind_of(placed.table, column) in ("day", "time"):
            days = [c.name for c in placed.found.columns if c.dates > 0.8 and c.name not in used]
            if len(days) == 1:
                out.append(Line(column, days[0], say("CHECK: the only day there is")))
    return out


def _called_twice(placed: Placed, match: Match) -> str:
    """That several columns of numbers are called as a column of money is; empty where none is."""
    if kind_of(placed.table, match.column) != "money":
        return ""
    alike = [
        c.name
        for c in placed.found.columns
        if c.name != match.header and normal(c.name) == normal(match.header) and c.numbers > 0.9
    ]
    return say("CHECK: {columns} is called so too", columns=joined(alike)) if alike else ""


def reason_of(match: Match, table: str) -> str:
    """Why a column was taken, in a few words."""
    if match.score >= 0.999:
        return say("a usual name for it")
    if likeness(match.header, table, match.column) >= 0.98:
        return say("a usual name for it")
    if match.score > 0.87:
        return say("likely: its name says so")
    if match.score > 0.8:
        return say("likely: its name or its words say so")
    return say("likely: the values fit, and no other column does")


def _how_sure(placed: Placed) -> str:
    sure = placed.score >= 5 and not placed.missing
    return say("sure") if sure else say("likely") if placed.score >= 3 else say("perhaps")


def _question(match: Match) -> str:
    first = f'{match.column} = "{match.header}"'
    if not match.others:
        return f"{first}?"
    return say("{first} or {others}?", first=first, others=joined(match.others))


def _values(placed: Placed) -> dict[str, dict[str, str]]:
    """Their words for the closed lists of the contract, where they are written otherwise."""
    out = {}
    for match in placed.matches:
        spec = next((c for c in TABLES[placed.table].columns if c.name == match.column), None)
        if (placed.table, match.column) == ("changes", "field") and match.sure:
            out["field"] = _fields(_profile(placed, match.header).top)
            continue
        if spec is None or not spec.choices or not match.sure or match.column == "outcome":
            continue
        words = _profile(placed, match.header).top
        known = meanings(placed.table, match.column, words)
        said = {w: ours or "" for w, ours in known.items() if ours != w}
        if said:
            out[match.column] = said
    return out


def _fields(words: list[str]) -> dict[str, str]:
    """Their names of a deal's fields → ours, for those that a change is read of."""
    out = {}
    for word in words:
        best = max(CHANGED, key=lambda theirs: likeness(word, "opportunities", theirs))
        if likeness(word, "opportunities", best) >= SURE and word != CHANGED[best]:
            out[word] = CHANGED[best]
    return out


def _profile(placed: Placed, header: str) -> Profile:
    return next(c for c in placed.found.columns if c.name == header)


def _same_again(placed: Placed, lines: list[Line]) -> list[Line]:
    """The name of people and customers who have one column for number and name."""
    have = {line.column: line for line in lines}
    key = {"reps": "rep_id", "customers": "customer_id"}.get(placed.table)
    if key is None:
        return []
    numbers = key in have and "id" in parts(normal(str(have[key].said))).concepts
    if key in have and "name" not in have and not numbers:
        return [Line("name", have[key].said, say("the only name there is"))]
    if (
        key not in have
        and "name" in have
        and _profile(placed, str(have["name"].said)).distinct > 0.999
    ):
        return [Line(key, have["name"].said, say("no number: the name tells them apart"))]
    return []


def _made(placed: Placed, lines: list[Line]) -> list[Line]:
    """Required columns that are made, and the cost that a profit tells."""
    have = {line.column: line for line in lines}
    made: list[Line] = []
    if placed.table == "orders":
        if "amount" not in have and (price := _price(placed)) and "quantity" in have:
            said = {"times": [have["quantity"].said, price]}
            made.append(Line("amount", said, say("pieces times the price of one")))
        if "order_id" not in have:
            made.append(Line("order_id", {"row": "R"}, say("no number: each row is one order")))
        amount = have.get("amount")
        plain = "cost" not in have and amount is not None and isinstance(amount.said, str)
        if plain and (profit := _profit(placed, str(amount.said))):  # type: ignore[union-attr]
            said_cost = {"column": amount.said, "minus": [profit]}  # type: ignore[union-attr]
            made.append(Line("cost", said_cost, say("amount less {profit}", profit=profit)))
    if placed.table == "opportunities" and "opportunity_id" not in have:
        made.append(Line("opportunity_id", {"row": "D"}, say("no number: each row is one deal")))
    if placed.table == "activities":
        if "activity_id" not in have:
            made.append(
                Line("activity_id", {"row": "A"}, say("no number: each row is one contact"))
            )
        if "date" not in have and "due" in have:
            made.append(Line("date", have["due"].said, say("the only day there is")))
        if "kind" not in have:
            made.append(Line("kind", {"value": "contact"}, say("the kind is not said")))
    if placed.table == "targets" and "metric" not in have:
        made.append(Line("metric", {"value": "sales"}, say("no metric named: sales")))
    for table, column in (("payments", "payment_id"), ("cases", "case_id")):
        if placed.table == table and column not in have:
            made.append(Line(column, {"row": column[0].upper()}, say("no number: each row is one")))
    return made


def _price(placed: Placed) -> str:
    return next(
        (c.name for c in placed.found.columns if normal(c.name) in UNIT_PRICE and c.numbers > 0.9),
        "",
    )


def _profit(placed: Placed, amount: str) -> str:
    """A column of gross profit, from which the cost follows; only where both are plain numbers."""
    profiles = {c.name: c for c in placed.found.columns}
    found = next((h for h in profiles if normal(h) in PROFIT), "")
    plain = r"-?\d+(\.\d+)?"
    both = found and all(profiles[h].filled.str.fullmatch(plain).all() for h in (found, amount))
    return found if both else ""


def members(plan: TablePlan, taken: set[str]) -> TablePlan | None:
    """Customers, or None: where orders carry what is known of each customer and no file of
    customers is there, one row of each is made of them.
    """
    key = plan.line("customer_id")
    if plan.table != "orders" or "customers" in taken or key is None or plan.open_:
        return None
    if not isinstance(key.said, str) or plan.sql or "long" in plan.more:
        return None
    source = next((c for c in plan.found.columns if c.name == key.said), None)
    if source is None or source.distinct > 0.98:
        return None
    lines = [Line("customer_id", key.said, say("the customers of the orders"))]
    for column in ("name", "industry", "customer_type", "size_employees"):
        for other in plan.found.columns:
            free = other.name != key.said and all(line.said != other.name for line in lines)
            called = max(
                likeness(other.name, "customers", one)
                for one in ({column, "customer_id"} if column == "name" else {column})
            )
            named = free and called >= 0.6 and other.distinct < 1
            if named and _one_each(source, other):
                lines.append(Line(column, other.name, say("one for each customer")))
                break
    if len(lines) == 1:
        return None
    return replace(
        plan,
        table="customers",
        lines=tuple(lines),
        values={},
        asks=(),
        warns=(),
        left=(),
        more={"group": ["customer_id"]},
        sure=say("made of the orders"),
    )


def _one_each(key: Profile, other: Profile) -> bool:
    """Whether a column has one value for each key."""
    pairs = key.values.to_frame("k").assign(v=other.values).dropna()
    if pairs.empty:
        return False
    return bool((pairs.groupby("k")["v"].nunique() <= 1).mean() > 0.99)
