"""[engine]: where rows that do not fit one machine are asked."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from playbook.base.language import say

from .group import Group

MASTER = re.compile(
    r"local(\[(\d+|\*)\])?|spark://[\w.\-]+:\d+(,[\w.\-]+:\d+)*|yarn|k8s://\S+", re.ASCII
)


class EngineSettings(Group):
    """Tables of a lake are asked on Spark; every other table is read on this machine."""

    spark: str = Field(
        "",
        description=(
            "Spark that checks and adds up the tables of sources with lake: spark://host:7077,"
            " local[2], yarn or k8s://…; empty = everything on this machine (or the session given"
            " in code)"
        ),
    )
    most_rows: int = Field(
        2_000_000,
        ge=1_000,
        description=(
            "rows of one answer that may come back from Spark: grouped rows, and lists with a row"
            " per customer; more is an error, not a full memory"
        ),
    )
    options: dict[str, str] = Field(
        {},
        description=(
            'settings of the Spark session, such as { "spark.cores.max" = "8" } or the packages and'
            " catalogs of Iceberg and Delta"
        ),
    )

    @field_validator("spark")
    @classmethod
    def _a_master(cls, spark: str) -> str:
        if spark and not MASTER.fullmatch(spark):
            raise ValueError(say("spark://host:port, local[2], local[*], yarn or k8s://…"))
        return spark

    @field_validator("options")
    @classmethod
    def _of_spark(cls, options: dict[str, str]) -> dict[str, str]:
        if wrong := sorted(name for name in options if not name.startswith("spark.")):
            raise ValueError(
                say("settings of Spark begin with spark.: {names}", names=", ".join(wrong))
            )
        return options
