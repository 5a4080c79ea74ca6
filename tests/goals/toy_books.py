"""Small books written from rows, for the goal tests."""

TOML = '[book]\nname = "toy"\ncurrency = "CNY"\nstages = ["lead", "intent", "won"]\n'


def write(folder, toml=TOML, **tables):
    """A book's folder: each table as CSV text (first line the columns)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "playbook.toml").write_text(toml, encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(
            "\n".join(line.strip() for line in text.strip().splitlines()) + "\n", encoding="utf-8"
        )
    return folder


def months(first_year, last_year, last_month, amount, customer="C1", region="East"):
    """Orders, one a month on the 15th, as CSV text; ``amount`` is a function of (year, month)."""
    rows = ["order_id,date,customer_id,amount,region"]
    for year in range(first_year, last_year + 1):
        for month in range(1, 13 if year < last_year else last_month + 1):
            rows.append(
                f"{region}{year}{month:02d},{year}-{month:02d}-15,{customer},{amount(year, month)},{region}"
            )
    return "\n".join(rows)
