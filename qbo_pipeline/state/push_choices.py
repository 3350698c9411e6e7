"""Push settings as people write them: `every_minutes=360`, `automatic=no`, `update_targets=Invoice,Estimate`, `default_item=`."""

from collections.abc import Iterable
from typing import Any, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from qbo_pipeline.state.push_settings import PushChoices, UnknownChoice

_TYPES = get_type_hints(PushChoices)


def read_choices(written: Iterable[str]) -> dict[str, Any]:
    """The choices that `NAME=VALUE` texts make; an empty value takes one back. Raises `UnknownChoice`."""
    return dict(_read(each) for each in written)


def _read(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not separator:
        raise UnknownChoice(f"{text!r} is no push setting: write NAME=VALUE.")
    if name not in _TYPES:
        raise UnknownChoice(f"There is no push setting {name}. There are: {', '.join(sorted(_TYPES))}.")
    wanted = _TYPES[name]
    given: Any = value
    if get_origin(wanted) is tuple:
        given = [each.strip() for each in value.split(",") if each.strip()]
    elif not value:
        given = getattr(PushChoices(), name)
    try:
        return name, TypeAdapter(wanted).validate_python(given)
    except ValidationError as error:
        told = error.errors()[0]["msg"]
        raise UnknownChoice(f"{name} cannot be {value!r}: {told}.") from None
