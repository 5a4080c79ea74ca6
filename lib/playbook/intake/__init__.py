"""From whatever lies in a folder to a playbook.toml one can read and edit."""
