"""What incentive design gives the short editions: people and pay, without names."""

from __future__ import annotations

from playbook.data.book import Book
from playbook.incentives.people.attrition import Attrition
from playbook.incentives.people.ramp import Ramp
from playbook.incentives.people.task_board import TaskBoard
from playbook.incentives.people.training import Training
from playbook.incentives.plans.attainment import Attainment
from playbook.incentives.plans.comparison import PlanComparison
from playbook.incentives.plans.simulation import Simulation
from playbook.incentives.plans.statements import Statements
from playbook.page import section
from playbook.page.contribution import Contribution, ShortEditions

from .pay import pay_sheet
from .people import people_sheet, tasks_sheet

__all__ = ["director"]


@section("short-editions")
def director(
    book: Book,
    statements: Statements,
    comparison: PlanComparison,
    attainment: Attainment,
    simulation: Simulation,
    ramp: Ramp,
    attrition: Attrition,
    training: Training,
    tasks: TaskBoard,
) -> ShortEditions:
    """The page on people and the page on pay, nobody named on either, and the late tasks for the
    page of goals.
    """
    fmt = book.fmt
    sheets = (
        tasks_sheet(book, tasks, fmt),
        people_sheet(book, attainment, ramp, attrition, training, fmt),
        pay_sheet(book, statements, comparison, simulation, fmt),
    )
    return ShortEditions(Contribution(sheets=tuple(s for s in sheets if s is not None)))
