"""Every setting with its default and meaning, for the command line and the reference pages."""

from __future__ import annotations

from pydantic import BaseModel

from playbook.base.language import later

from .segments import TierTable
from .whole import Settings

REQUIRED = later("required")  # in place of a default


def settings_help() -> list[tuple[str, str, str]]:
    """(key, default, meaning) of every setting, in order, as ``playbook settings`` prints them."""
    rows: list[tuple[str, str, str]] = []

    def walk(model: type[BaseModel], prefix: str) -> None:
        for name, field in model.model_fields.items():
            key = f"{prefix}{field.alias or name}"
            annotation = field.annotation
            inner = [
                a
                for a in getattr(annotation, "__args__", ())
                if isinstance(a, type) and issubclass(a, BaseModel)
            ]
            if (
                isinstance(annotation, type)
                and issubclass(annotation, BaseModel)
                and annotation is not TierTable
            ):
                walk(annotation, f"{key}.")
            elif inner:
                walk(inner[0], f"{key}.<name>." if "dict" in str(annotation) else f"{key}[].")
            else:
                default = (
                    REQUIRED
                    if field.is_required()
                    else field.get_default(call_default_factory=True)
                )
                default = default.model_dump() if isinstance(default, BaseModel) else default
                rows.append(
                    (
                        key,
                        REQUIRED if default == REQUIRED else repr(default),
                        field.description or "",
                    )
                )

    walk(Settings, "")
    return rows
