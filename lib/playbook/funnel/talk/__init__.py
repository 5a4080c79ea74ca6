"""What is said: negotiation steps, reasons, objections, scripts."""
