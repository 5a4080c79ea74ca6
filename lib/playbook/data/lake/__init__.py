"""Tables that stay in a lake: opened, read and checked on Spark, beside tables of this machine."""
