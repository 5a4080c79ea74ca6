"""A table of playbook.toml."""

from pydantic import BaseModel, ConfigDict


class Group(BaseModel):
    """Refuses keys it does not know, and is never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
