"""The types of account, what each is classified as, and the subtypes it has; the first subtype is the one given by default.

Which subtype QuickBooks picks for an account created with a type only is not documented; the emulator takes the plainest.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class AccountType:
    """One AccountType."""

    classification: str
    subtypes: tuple[str, ...]


def _type(classification: str, subtypes: str) -> AccountType:
    return AccountType(classification, tuple(subtypes.split()))


ACCOUNT_TYPES: Mapping[str, AccountType] = {
    "Bank": _type("Asset", "Checking CashOnHand MoneyMarket RentsHeldInTrust Savings TrustAccounts Investments"),
    "Accounts Receivable": _type("Asset", "AccountsReceivable"),
    "Other Current Asset": _type(
        "Asset",
        "OtherCurrentAssets AllowanceForBadDebts DevelopmentCosts EmployeeCashAdvances Inventory "
        "Investment_MortgageRealEstateLoans Investment_Other Investment_TaxExemptSecurities "
        "Investment_USGovernmentObligations LoansToOfficers LoansToOthers LoansToStockholders PrepaidExpenses Retainage "
        "UndepositedFunds GlobalTaxDeferred GlobalTaxRefund",
    ),
    "Fixed Asset": _type(
        "Asset",
        "OtherFixedAssets AccumulatedAmortization AccumulatedDepletion AccumulatedDepreciation Buildings DepletableAssets "
        "FixedAssetComputers FixedAssetCopiers FixedAssetFurniture FixedAssetPhone FixedAssetPhotoVideo FixedAssetSoftware "
        "FixedAssetOtherToolsEquipment FurnitureAndFixtures IntangibleAssets Land LeaseholdImprovements MachineryAndEquipment "
        "Vehicles",
    ),
    "Other Asset": _type(
        "Asset",
        "OtherLongTermAssets AccumulatedAmortizationOfOtherAssets Goodwill LeaseBuyout Licenses OrganizationalCosts "
        "SecurityDeposits",
    ),
    "Accounts Payable": _type("Liability", "AccountsPayable"),
    "Credit Card": _type("Liability", "CreditCard"),
    "Other Current Liability": _type(
        "Liability",
        "OtherCurrentLiabilities DirectDepositPayable FederalIncomeTaxPayable GlobalTaxPayable GlobalTaxSuspense "
        "InsurancePayable LineOfCredit LoanPayable PayrollClearing PayrollTaxPayable PrepaidExpensesPayable "
        "RentsInTrustLiability SalesTaxPayable StateLocalIncomeTaxPayable TrustAccountsLiabilities UndistributedTips "
        "DeferredRevenue",
    ),
    "Long Term Liability": _type("Liability", "OtherLongTermLiabilities NotesPayable ShareholderNotesPayable"),
    "Equity": _type(
        "Equity",
        "OwnersEquity AccumulatedAdjustment CommonStock EstimatedTaxes Healthcare OpeningBalanceEquity PaidInCapitalOrSurplus "
        "PartnerContributions PartnerDistributions PartnersEquity PersonalExpense PersonalIncome PreferredStock "
        "RetainedEarnings TreasuryStock",
    ),
    "Income": _type(
        "Revenue",
        "OtherPrimaryIncome DiscountsRefundsGiven NonProfitIncome SalesOfProductIncome ServiceFeeIncome "
        "UnappliedCashPaymentIncome",
    ),
    "Other Income": _type(
        "Revenue",
        "OtherMiscellaneousIncome DividendIncome InterestEarned OtherInvestmentIncome TaxExemptInterest ExchangeGainOrLoss",
    ),
    "Cost of Goods Sold": _type(
        "Expense",
        "SuppliesMaterialsCogs CostOfLaborCos EquipmentRentalCos OtherCostsOfServiceCos ShippingFreightDeliveryCos",
    ),
    "Expense": _type(
        "Expense",
        "OtherMiscellaneousServiceCost AdvertisingPromotional Auto BadDebts BankCharges CharitableContributions "
        "CommissionsAndFees CostOfLabor DuesSubscriptions Entertainment EntertainmentMeals EquipmentRental FinanceCosts "
        "GlobalTaxExpense Insurance InterestPaid LegalProfessionalFees OfficeGeneralAdministrativeExpenses OtherBusinessExpenses "
        "PayrollExpenses PromotionalMeals RentOrLeaseOfBuildings RepairMaintenance ShippingFreightDelivery SuppliesMaterials "
        "TaxesPaid Travel TravelMeals UnappliedCashBillPaymentExpense Utilities",
    ),
    "Other Expense": _type(
        "Expense",
        "OtherMiscellaneousExpense Amortization Depreciation ExchangeGainOrLoss GasAndFuel HomeOffice HomeOwnerRentalInsurance "
        "MortgageInterestHomeOffice OtherHomeOfficeExpenses OtherVehicleExpenses ParkingAndTolls PenaltiesSettlements "
        "RentAndLeaseHomeOffice RepairsAndMaintenanceHomeOffice UtilitiesHomeOffice Vehicle VehicleInsurance VehicleLease "
        "VehicleLoan VehicleLoanInterest VehicleRegistration VehicleRepairs WashAndRoadServices",
    ),
    "Non-Posting": _type("NonPosting", "NonPosting"),
}


def type_of_subtype(subtype: str) -> str | None:
    """The AccountType that has a subtype, None for a word that is no subtype."""
    return next((name for name, found in ACCOUNT_TYPES.items() if subtype in found.subtypes), None)
