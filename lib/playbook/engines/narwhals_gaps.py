"""What narwhals cannot say in Spark yet and the measures use: minutes of a difference of times."""

from __future__ import annotations

from typing import Any


def fill() -> None:
    """Teach narwhals the minutes of an interval on Spark; a version that knows them is left as it
    is.
    """
    from narwhals._spark_like.expr_dt import SparkLikeExprDateTimeNamespace as Times
    from narwhals._utils import not_implemented

    if isinstance(vars(Times).get("total_minutes"), not_implemented):
        Times.total_minutes = _total_minutes


def _total_minutes(self: Any) -> Any:
    """Whole minutes of a difference, towards nought, as on DuckDB."""
    functions = self.compliant._F

    def minutes(interval: Any) -> Any:
        parts = (("DAY", 1440), ("HOUR", 60), ("MINUTE", 1))
        read = [functions.extract(functions.lit(part), interval) * n for part, n in parts]
        return sum(read[1:], read[0]).cast("bigint")

    return self.compliant._with_elementwise(minutes)
