"""What it brings and costs: channels, performance against target, the gap, prices."""
