"""[goals]: how the year's figure is split: shares, fixed amounts, deal sizes, part within part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import Field, field_validator

from playbook.base.errors import did_you_mean
from playbook.base.language import say

from .group import Group

# Dimensions that sales can be split by; those of the firm's own ([book] dimensions) beside them.
SPLITS = (
    "region",
    "product_line",
    "customer_type",
    "kind",
    "channel",
    "industry",
    "team",
    "rep",
    "deal_size",
)


class SplitSettings(Group):
    weights: dict[str, dict[str, float]] = Field(
        {},
        description=(
            "weights.region = { East = 0.6, … }: shares of the year by region, product_line,"
            " customer_type, kind, channel, industry, team, rep (its key), deal_size or a dimension"
            " of the firm's own, summing to 1; empty = the book's targets, else history"
        ),
    )
    held: dict[str, dict[str, float]] = Field(
        {},
        description=(
            "held.region = { East = 60000000, … }: amounts of the year held fixed, by the same"
            " dimensions; the others share the rest by their weights"
        ),
    )
    levels: list[str] = Field(
        [],
        description=(
            'dimensions the year is split by, part within part, such as ["kind",'
            ' "customer_type"]; empty = kind of business, then customer type, where known'
        ),
    )
    deal_sizes: dict[str, dict[str, float]] = Field(
        {},
        description=(
            "deal_sizes.customer_type = { large = 500000, … }: what one deal, an order, of a"
            " member brings,"
            " by the same dimensions; empty = the average order of the trailing 12 months"
        ),
    )
    size_bands: dict[str, float] = Field(
        {},
        description=(
            "size_bands = { large = 200000, medium = 50000, small = 0 }: lower ends of the members"
            " of the dimension deal_size, by the amount of an order; empty = not told apart"
        ),
    )

    @field_validator("weights")
    @classmethod
    def _each_whole(cls, given: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for dimension, shares in given.items():
            if shares and not (
                all(share >= 0 for share in shares.values())
                and abs(sum(shares.values()) - 1) <= 1e-4
            ):
                smallest = min(shares, key=lambda member: shares[member])
                raise ValueError(
                    say(
                        "shares of 0 or more by {dimension} that sum to 1; these sum to"
                        " {total:g}, the smallest is {smallest} with {value:g}",
                        dimension=dimension,
                        total=sum(shares.values()),
                        smallest=smallest,
                        value=shares[smallest],
                    )
                )
        return given

    @field_validator("deal_sizes")
    @classmethod
    def _sizes(cls, given: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for dimension, sizes in given.items():
            if wrong := [member for member, size in sizes.items() if not size > 0]:
                raise ValueError(
                    say(
                        "amounts above 0; {dimension} {name} is {value:g}",
                        dimension=dimension,
                        name=wrong[0],
                        value=sizes[wrong[0]],
                    )
                )
        return given

    @field_validator("size_bands")
    @classmethod
    def _bands(cls, bands: dict[str, float]) -> dict[str, float]:
        if bands and (min(bands.values()) != 0 or len(set(bands.values())) < len(bands)):
            raise ValueError(say("lower ends that differ, the smallest of them 0"))
        return bands

    @field_validator("levels")
    @classmethod
    def _once(cls, levels: list[str]) -> list[str]:
        if len(set(levels)) < len(levels):
            raise ValueError(say("each dimension once"))
        return levels

    def split_mistakes(self, own: Iterable[str]) -> list[str]:
        """What is wrong with the dimensions named, one line each. own: those of the firm's own."""
        known = [*SPLITS, *own]
        named: list[tuple[str, str]] = [("levels", name) for name in self.levels]
        tables: Mapping[str, Mapping[str, Mapping[str, float]]] = {
            "weights": self.weights,
            "held": self.held,
            "deal_sizes": self.deal_sizes,
        }
        named += [(key, name) for key, table in tables.items() for name in table]
        return [
            say(
                "[goals] {key} names '{name}': no dimension that sales are split by; {hint}",
                key=key,
                name=name,
                hint=did_you_mean(name, known),
            )
            for key, name in named
            if name not in known
        ]
