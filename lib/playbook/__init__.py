"""The sales-performance playbook that runs."""

__version__ = "0.1.0"
