"""The UK company: VAT, currencies, classes and every entity."""
