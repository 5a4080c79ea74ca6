"""The plan: the year's figure, split by members and due over months, quotas, the calendar."""
