"""Native charts of slides in the notation of every edition: actual solid, plan outlined, previous
year pale, forecast hatched, variances green or red with their sign, outlined where chance explains
them.
"""

from __future__ import annotations

from typing import Any

from playbook.base.language import say

from .glyphs import width
from .slide_bars import bare, ends_of, filled, form_of, in_size, labels, rgb
from .slide_dress import ACTUAL, POINT, WIDER, write_words

Json = dict[str, Any]
PLAN, BEFORE, GOOD, BAD, CHANCE = "FFFFFF", "8C95A3", "2A9D7A", "B3261E", "6B7480"
WHOLE = ("plan", "actual", "before")
VARIANCES = ("delta", "pin")


def kind_of(panel: Json) -> str:
    """The chart a panel becomes: bars, bridge, variances or none."""
    kinds = [c["kind"] for c in panel["columns"]]
    lines = _members(panel)
    if "bars" in kinds:
        at = kinds.index("bars")
        return "bars" if any(line["cells"][at]["ac"] is not None for line in lines) else ""
    if "bridge" in kinds:
        steps = [line["cells"][kinds.index("bridge")] for line in panel["lines"]]
        below = any(min(s["from"], s["to"]) < 0 for s in steps)
        return "" if below else "bridge"  # stacked bars cannot start below nought
    if _delta_at(panel) is not None and len(lines) > 1:
        return "variances"
    return ""


def shown_by(panel: Json) -> frozenset[int]:
    """Places of the columns whose words stand in the panel's chart."""
    kind, kinds = kind_of(panel), [c["kind"] for c in panel["columns"]]
    total = any(line["style"] == "total" for line in panel["lines"])  # no bar beside its members
    found: set[int | None] = {kinds.index("bridge")} if kind == "bridge" else set()
    if kind == "bars" and not total:
        found.add(kinds.index("bars"))
    if kind in ("bars", "variances"):
        found.add(_delta_at(panel))
    return frozenset(at for at in found if at is not None)


def several(panel: Json) -> bool:
    """Whether a member has more bars than one."""
    at = next((i for i, c in enumerate(panel["columns"]) if c["kind"] == "bars"), None)
    cells = [line["cells"][at] for line in _members(panel)] if at is not None else []
    return any(c[key] is not None for c in cells for key in ("pl", "py", "fc"))


def put_chart(
    slide: Any, panel: Json, left: int, top: int, wide: int, high: int, size: float = 1.0
) -> None:
    """Put a panel's chart on a slide; bars have their variances in a chart beside them. size: of
    its words, in those of a chart at its least; smaller where the bars stand closer.
    """
    kind, before = kind_of(panel), len(slide.shapes)
    narrow = wide * 0.36 if kind != "bridge" and _delta_at(panel) is not None else wide
    least = _number_room(panel) * 9 * POINT * WIDER
    # programs break a number at a bar that is wider than a fifth of its chart
    size = min(size, high / (len(panel["lines"]) * 9 * POINT * 1.6), narrow / 5 / least)
    size = max(1.0, size)
    if kind == "bridge":
        _bridge(slide, panel, left, top, wide, high)
    elif kind == "variances":
        _variances(slide, panel, left, top, wide, high, size, named=True)
    elif _delta_at(panel) is None:
        _bars(slide, panel, left, top, wide, high, size)
    else:
        _bars(slide, panel, left, top, int(wide * 0.62), high, size)
        beside = left + int(wide * 0.64)
        _variances(slide, panel, beside, top, int(wide * 0.36), high, size, named=False)
    in_size((shape.chart for shape in list(slide.shapes)[before:]), size)


def _number_room(panel: Json) -> float:
    """Width of the longest number at a bar, with the name of its series [em]."""
    kinds = ("bars", "delta", "bridge")
    places = [i for i, c in enumerate(panel["columns"]) if c["kind"] in kinds]
    texts = [line["cells"][i]["text"] for line in panel["lines"] for i in places]
    return max(map(width, texts), default=1.0) + 1.5


def _members(panel: Json) -> list[Json]:
    return [line for line in panel["lines"] if line["style"] != "total"]


def _delta_at(panel: Json) -> int | None:
    for i, column in enumerate(panel["columns"]):
        known = [line["cells"][i].get("v") for line in _members(panel)]
        if column["kind"] == "delta" and any(v is not None for v in known):
            return i
    return None


def _bars(slide: Any, panel: Json, left: int, top: int, wide: int, high: int, size: float) -> None:
    """Previous year, plan and actual as clustered bars with their data behind them."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    at = next(i for i, c in enumerate(panel["columns"]) if c["kind"] == "bars")
    lines = _members(panel)
    cells = [line["cells"][at] for line in lines]
    data = CategoryChartData()
    data.categories = [line["cells"][0]["text"] for line in lines]
    alone = sum(c["kind"] == "bars" for c in panel["columns"]) == 1
    actual = "AC" if alone else panel["columns"][at]["label"]
    known = [("PY", "py", BEFORE), ("PL", "pl", PLAN), (actual, "ac", ACTUAL)]
    shown = [s for s in known if any(c.get(s[1]) is not None for c in cells)]
    if any(c.get("fc") for c in cells):
        shown.append(("FC", "fc", ""))
    for name, key, _ in shown:
        values = [(c["fc"][0] if c["fc"] else None) if key == "fc" else c.get(key) for c in cells]
        data.add_series(name, values)
    kind = XL_CHART_TYPE.BAR_CLUSTERED
    chart = slide.shapes.add_chart(kind, left, top, wide, high, data).chart
    form = form_of(cells, lambda c: (c["fc"] or [c["ac"]])[0])
    bare(chart, named=True)
    chart.plots[0].gap_width, chart.plots[0].overlap = 45, 0
    bars = [float(v) for s in chart.plots[0].series for v in s.values if v is not None]
    names = max(width(line["cells"][0]["text"]) for line in lines) * 11 * POINT * WIDER * size
    if bars and (most := max(bars)) > 0:
        texts = [f"{actual} {c['text']}" for c in cells]
        low, room = min([0.0, *bars]), wide - min(int(names), wide // 2)
        chart.value_axis.maximum_scale = most + ends_of(low, most, texts, room, size)
        chart.value_axis.minimum_scale = low + ends_of(low, most, texts, room, size) * -(low < 0)
    for (name, key, colour), series in zip(shown, chart.plots[0].series, strict=True):
        filled(series.format, colour)
        labels(series, form if key in ("ac", "fc") else "", ACTUAL, first=name)


def _variances(
    slide: Any,
    panel: Json,
    left: int,
    top: int,
    wide: int,
    high: int,
    size: float,
    *,
    named: bool,
) -> None:
    """Variances as bars from one axis, each in the colour of its sense."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    at = _delta_at(panel)
    assert at is not None
    lines = _members(panel)
    cells = [line["cells"][at] for line in lines]
    data = CategoryChartData()
    data.categories = [line["cells"][0]["text"] for line in lines]
    label = panel["columns"][at]["label"] or "Δ"
    data.add_series(label, [c["v"] for c in cells])
    kind = XL_CHART_TYPE.BAR_CLUSTERED
    chart = slide.shapes.add_chart(kind, left, top, wide, high, data).chart
    bare(chart, named=named)
    chart.plots[0].gap_width = 80
    known = [c["v"] for c in cells if c["v"] is not None]
    low, most = min([0.0, *known]), max([0.0, *known])
    names = max(width(line["cells"][0]["text"]) for line in lines) * 11 * POINT * WIDER * size
    plot = wide - min(int(names), wide // 2) * named
    room = ends_of(low, most, [f"{label} {c['text']}" for c in cells], plot, size)
    if low < 0:
        chart.value_axis.minimum_scale = low - room
    if most > 0:
        chart.value_axis.maximum_scale = most + room
    series = chart.plots[0].series[0]
    series.invert_if_negative = False
    form = form_of(cells, lambda c: c["v"])
    labels(series, f'"+"{form};"−"{form};0', ACTUAL, first=label)
    for i, cell in enumerate(cells):
        tone = {"good": GOOD, "bad": BAD}.get(cell["tone"])
        filled(series.points[i].format, tone or PLAN, CHANCE if tone is None else tone)


def _bridge(slide: Any, panel: Json, left: int, top: int, wide: int, high: int) -> None:
    """A waterfall as stacked bars: an invisible base, whole sums, steps up and steps down; each
    with its number where it ends.
    """
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION

    at = next(i for i, c in enumerate(panel["columns"]) if c["kind"] == "bridge")
    data = CategoryChartData()
    data.categories = [line["cells"][0]["text"].strip() for line in panel["lines"]]
    steps = [line["cells"][at] for line in panel["lines"]]
    most = max(max(s["from"], s["to"]) for s in steps)
    series = (
        (say("start"), lambda s: False),
        ("AC, PL", lambda s: s["tone"] in WHOLE),
        (say("up"), lambda s: s["tone"] not in WHOLE and s["to"] >= s["from"]),
        (say("down"), lambda s: s["tone"] not in WHOLE and s["to"] < s["from"]),
    )
    data.add_series(
        series[0][0], [0.0 if s["tone"] in WHOLE else min(s["from"], s["to"]) for s in steps]
    )
    for name, keep in series[1:]:
        data.add_series(name, [abs(s["to"] - s["from"]) if keep(s) else None for s in steps])
    data.add_series(say("numbers"), [most * 0.2] * len(steps))  # nothing but room for words
    kind = XL_CHART_TYPE.BAR_STACKED
    chart = slide.shapes.add_chart(kind, left, top, wide, high, data).chart
    bare(chart, named=True)
    chart.plots[0].gap_width, chart.plots[0].overlap = 35, 100
    made = list(chart.plots[0].series)
    for unseen in (made[0], made[-1]):
        unseen.format.fill.background()
        unseen.format.line.fill.background()
    inks = {"plan": PLAN, "actual": ACTUAL, "before": BEFORE, "good": GOOD, "bad": BAD}
    for one, (_, keep) in zip(made[1:-1], series[1:], strict=True):
        for i, step in enumerate(steps):
            if keep(step):
                edge = ACTUAL if step["tone"] in WHOLE else inks.get(step["tone"], CHANCE)
                filled(one.points[i].format, inks.get(step["tone"], PLAN), edge)
    for i, step in enumerate(steps):
        label = made[-1].points[i].data_label
        write_words(label.text_frame, step["text"], 9, bold=True)
        label.position = XL_LABEL_POSITION.INSIDE_BASE


def put_months(slide: Any, spark: Json, left: int, top: int, wide: int, high: int) -> None:
    """Thirteen months: columns for a flow, a line for a rate; the forecast hatched."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    ahead = spark["forecast"] if spark["columns"] else None
    count = len(spark["actual"])
    data = CategoryChartData()
    data.categories = [str(i - count + 1) if i + 1 < count else "0" for i in range(count)] + (
        ["+1"] if ahead else []
    )
    data.add_series("AC", [*spark["actual"], *([None] if ahead else [])])
    if ahead:
        data.add_series("FC", [*([None] * count), ahead[0]])
    kind = XL_CHART_TYPE.COLUMN_STACKED if spark["columns"] else XL_CHART_TYPE.LINE
    chart = slide.shapes.add_chart(kind, left, top, wide, high, data).chart
    bare(chart, named=False)
    chart.category_axis.reverse_order = False
    made = list(chart.plots[0].series)
    if spark["columns"]:
        chart.plots[0].gap_width, chart.plots[0].overlap = 30, 100
        filled(made[0].format, ACTUAL)
        if ahead:
            filled(made[1].format, "")
        return
    made[0].smooth = False
    made[0].format.line.color.rgb, made[0].format.line.width = rgb(ACTUAL), 19_050
