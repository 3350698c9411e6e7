"""QuickBooks' refusals: one exception that carries what a fault body says, and the faults the books raise.

Texts and codes are those of recordings; how a fault is rendered (JSON, lower-case JSON, XML) is the server's business.
"""

from typing import Any


class QboFault(Exception):  # noqa: N818 - QuickBooks' own word for it
    """A refusal with its HTTP status (200 for faults that QuickBooks hides in a success), code, message and detail."""

    def __init__(  # noqa: PLR0917 - in the order a fault body has them
        self,
        status: int,
        code: str,
        message: str,
        detail: str | None,
        element: str | None = None,
        type: str = "ValidationFault",
    ) -> None:
        super().__init__(f"{status} {code} {message}: {detail}")
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail
        self.element = element
        self.type = type

    def body(self) -> dict[str, Any]:
        """What a `Fault` property holds."""
        error = {"Message": self.message, "Detail": self.detail, "code": self.code, "element": self.element}
        return {"Error": [{name: value for name, value in error.items() if value is not None}], "type": self.type}


_SYSTEM_FAILURE = "An application error has occurred while processing your request"


def parse_fault(detail: str) -> QboFault:
    """A statement outside the grammar."""
    return QboFault(400, "4000", "Error parsing query", f"QueryParserError: {detail}")


def query_fault(detail: str) -> QboFault:
    """A statement inside the grammar that asks for something QuickBooks does not offer."""
    return QboFault(400, "4001", "Invalid query", f"QueryValidationError: {detail}")


def system_fault(detail: str = "System Failure Error") -> QboFault:
    """A failure inside QuickBooks, answered under HTTP 200."""
    return QboFault(200, "10000", _SYSTEM_FAILURE, detail, type="SystemFault")


def unsupported_operation(detail: str) -> QboFault:
    """An operation that the entity or the endpoint does not have."""
    return QboFault(400, "500", "Unsupported Operation", detail)


def not_found(detail: str = "Another user has deleted this transaction.", element: str | None = None) -> QboFault:
    """An id that is unknown, deleted, or belongs to a deactivated name."""
    return QboFault(400, "610", "Object Not Found", f"Object Not Found : {detail}", element)


def unsupported_property(name: str) -> QboFault:
    """A body that is not JSON, or not an object of the entity."""
    return QboFault(
        400,
        "2010",
        "Request has invalid or unsupported property",
        f"Property Name:{name} specified is unsupported or invalid",
    )


def missing_parameter(name: str) -> QboFault:
    """A value the entity cannot be without."""
    return QboFault(
        400,
        "2020",
        "Required param missing, need to supply the required value for the API",
        f"Required parameter {name} is missing in the request",
        name,
    )


def invalid_id(element: str = "Id") -> QboFault:
    """An id that is no number."""
    return QboFault(400, "2030", "Invalid ID", "Invalid ID : Id should be a valid number.", element)


def string_length(name: str, longest: int, supplied: int) -> QboFault:
    """A text longer than its property holds."""
    return QboFault(
        400,
        "2050",
        "String length is either shorter or longer than supported by specification",
        f"String length specified does not match the supported length. Min:0 Max:{longest} supplied:{supplied}",
        name,
    )


def invalid_value(name: str, value: str) -> QboFault:
    """A number or date that cannot be read as one."""
    return QboFault(400, "2090", "Invalid value", f"Invalid value for {name}: {value}", name)


def invalid_reference(list_name: str, record_id: str, element: str) -> QboFault:
    """A reference to a record that does not exist; `list_name` is QuickBooks' inner name of the list ("Klasses")."""
    detail = f"Invalid Reference Id : {list_name} element id {record_id} not found"
    return QboFault(400, "2500", "Invalid Reference Id", detail, element)


def stale_object() -> QboFault:
    """An update of a version that is not the current one."""
    detail = (
        "Stale Object Error : You and another user were working on this at the same time. "
        "The other user finished before you did, so your work was not saved."
    )
    return QboFault(400, "5010", "Stale Object Error", detail)


def permission_denied() -> QboFault:
    """A report that does not exist, which QuickBooks does not tell from one that the caller may not see; the text is ours."""
    detail = "Permission Denied Error : You do not have permission to access this. Please contact your company administrator."
    return QboFault(400, "5020", "Permission Denied Error", detail)


def not_offered(entity: str) -> QboFault:
    """An entity that the company's edition or country does not have."""
    detail = f"Feature Not Supported : The {entity} feature is not available in this company."
    return QboFault(400, "5030", "Feature Not Supported Error", detail)


def business_rule(detail: str) -> QboFault:
    """A document the books cannot take."""
    message = "A business validation error has occurred while processing your request"
    return QboFault(400, "6000", message, f"Business Validation Error: {detail}")


def duplicate_number(number: str, entity: str, record_id: str) -> QboFault:
    """A document number that another document of the entity carries."""
    detail = (
        "Duplicate Document Number Error : You must specify a different number. This number has already been used. "
        f"DocNumber={number} is assigned to TxnType={entity} with TxnId={record_id}"
    )
    return QboFault(400, "6140", "Duplicate Document Number Error", detail)


def duplicate_name(kind: str = "customer, vendor or employee") -> QboFault:
    """A name that is taken; `kind` is what else bears it, in QuickBooks' words."""
    detail = (
        f"The name supplied already exists. : Another {kind} is already using this name. Please use a different name."
    )
    return QboFault(400, "6240", "Duplicate Name Exists Error", detail)
