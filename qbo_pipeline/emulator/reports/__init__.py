"""QuickBooks' reports, rendered from a company's books: `/reports/{Name}` in its exact JSON shape.

    Company.report -> report() -> Inquiry (books, lists, parameters) -> one builder per report -> Report -> bytes

Shapes are those of recorded reports where there is one and of Intuit's samples otherwise; each builder says which, and
what neither settles and is therefore this emulator's choice.
"""
