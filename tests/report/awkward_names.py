"""Names no report may mangle: as they are given, and as a report shows them."""

NAMES = [  # as the report shows them
    "<script>alert(1)</script>",
    '#panic("x")',
    "$x$",
    '=HYPERLINK("http://example.org","x")',
    "'); DROP TABLE orders; --",
    "客户" * 150,
    "Li [phone], [e-mail]",
]
GIVEN = [*NAMES[:-1], "Li 13800138000, li@example.com"]
