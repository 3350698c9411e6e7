"""Contracts that bill a period again and again: which periods, what each bills, when, and that none is missed or billed twice."""
