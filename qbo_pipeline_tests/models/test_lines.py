"""Lines are numbered by their place, groups are opened in place, and links know the line they hang on."""

from decimal import Decimal

from qbo_pipeline_tests.models.conftest import TypedWarehouse
from qbo_pipeline_tests.models.payloads import invoice, sales_line


def _group(number: int, *inner: dict) -> dict:
    return {
        "Id": str(number),
        "LineNum": number,
        "Amount": 0,
        "DetailType": "GroupLineDetail",
        "GroupLineDetail": {"GroupItemRef": {"value": "19", "name": "Pond"}, "Quantity": 2, "Line": list(inner)},
    }


def test_lines_inside_a_group_follow_it_and_push_later_lines_down(warehouse: TypedWarehouse) -> None:
    linked = sales_line(6, 4.0) | {"LinkedTxn": [{"TxnId": "5", "TxnType": "TimeActivity"}]}
    unreadable = sales_line(4, 2.0) | {"Amount": "two"}
    lines = [_group(1), sales_line(2, 1.0), _group(3, unreadable, sales_line(5, 3.0)), linked]
    warehouse.land("invoice", invoice("7", lines=lines), invoice("8", lines=[linked, linked]))
    warehouse.build("--select", "qbo__invoice", "qbo__invoice_line", "qbo__invoice_linked_txn")

    rows = warehouse.rows(
        "select line_number, parent_line_number, line_id, amount, item_id, group_item_id, quantity, unreadable_fields"
        " from qbo.invoice_line where invoice_id = '7' order by line_number"
    )
    assert [tuple(row.values()) for row in rows] == [
        (1, None, "1", Decimal(0), None, "19", 2, None),
        (2, None, "2", Decimal(1), "6", None, None, None),
        (3, None, "3", Decimal(0), None, "19", 2, None),
        (4, 3, "4", None, "6", None, None, ["Line[2].GroupLineDetail.Line[0].Amount"]),
        (5, 3, "5", Decimal(3), "6", None, None, None),
        (6, None, "6", Decimal(4), "6", None, None, None),
    ]
    links = warehouse.rows(
        "select invoice_id, link_number, line_number, linked_transaction_type from qbo.invoice_linked_txn order by 1, 2"
    )
    assert [tuple(link.values()) for link in links] == [
        ("7", 1, None, "Estimate"),
        ("7", 2, 6, "TimeActivity"),
        ("8", 1, None, "Estimate"),
        ("8", 2, 1, "TimeActivity"),
        ("8", 3, 2, "TimeActivity"),
    ]


def test_fields_of_different_details_that_mean_the_same_share_a_column(warehouse: TypedWarehouse) -> None:
    discount = {
        "Amount": 10.5,
        "DetailType": "DiscountLineDetail",
        "DiscountLineDetail": {
            "PercentBased": True,
            "DiscountPercent": 5,
            "ClassRef": {"value": "5000000000000085682"},
        },
    }
    note = {"Id": "3", "DetailType": "DescriptionOnly", "DescriptionLineDetail": {"ServiceDate": "2024-04-02"}}
    lines = [sales_line(1, 210.0, ClassRef={"value": "7"}, ServiceDate="2024-04-01"), discount, note]
    warehouse.land("invoice", invoice(lines=lines))
    warehouse.build("--select", "qbo__invoice_line", "--indirect-selection", "buildable")
    rows = warehouse.rows(
        "select class_id, service_date::varchar as day, discount_percent, unreadable_fields"
        " from qbo.invoice_line order by line_number"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("7", "2024-04-01", None, None),
        ("5000000000000085682", None, 5, None),
        (None, "2024-04-02", None, None),
    ]
