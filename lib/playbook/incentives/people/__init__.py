"""Whether people grow: ramp-up, training, skills, tasks, recognition, leavers."""
