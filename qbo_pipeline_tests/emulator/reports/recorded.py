"""Figures of the US sample company as QuickBooks itself reported them on 29 May 2024, over 30 May 2023 to that day.

An outline is a report's rows, one line each: depth, name, "#id" where the row has one, and its amounts ("-" for an empty cell of
several). They are facts about QuickBooks, not about this project.
"""

START, END = "2023-05-30", "2024-05-29"

TRIAL_BALANCE = """\
Checking #35: 1201.00 -
Savings #36: 800.00 -
Accounts Receivable (A/R) #84: 5281.52 -
Inventory Asset #81: 596.25 -
Undeposited Funds #4: 2062.52 -
Truck:Original Cost #38: 13495.00 -
Accounts Payable (A/P) #33: - 1602.67
Mastercard #41: - 157.72
Arizona Dept. of Revenue Payable #89: - 0.00
Board of Equalization Payable #90: - 370.94
Loan Payable #43: - 4000.00
Notes Payable #44: - 25000.00
Opening Balance Equity #34: 9337.50 -
Retained Earnings #2: - 149.62
Design income #82: - 2250.00
Discounts given #86: 89.50 -
Landscaping Services #45: - 1197.50
Landscaping Services:Job Materials:Fountains and Garden Lighting #48: - 1923.50
Landscaping Services:Job Materials:Plants and Soil #49: - 2220.72
Landscaping Services:Job Materials:Sprinklers and Drip Systems #50: - 30.00
Landscaping Services:Labor:Installation #52: - 250.00
Landscaping Services:Labor:Maintenance and Repair #53: - 50.00
Pest Control Services #54: - 40.00
Sales of Product Income #79: - 912.75
Services #1: - 503.55
Cost of Goods Sold #80: 405.00 -
Advertising #7: 74.86 -
Automobile #55: 113.96 -
Automobile:Fuel #56: 294.86 -
Equipment Rental #29: 112.00 -
Insurance #11: 241.23 -
Job Expenses #58: 155.07 -
Job Expenses:Job Materials:Decks and Patios #64: 234.04 -
Job Expenses:Job Materials:Plants and Soil #66: 195.04 -
Job Expenses:Job Materials:Sprinklers and Drip Systems #67: 215.66 -
Legal & Professional Fees #12: 75.00 -
Legal & Professional Fees:Accounting #69: 390.00 -
Legal & Professional Fees:Bookkeeper #70: 55.00 -
Legal & Professional Fees:Lawyer #71: 100.00 -
Maintenance and Repair #72: 185.00 -
Maintenance and Repair:Equipment Repairs #75: 755.00 -
Meals and Entertainment #13: 28.49 -
Office Expenses #15: 18.08 -
Rent or Lease #17: 900.00 -
Utilities:Gas and Electric #76: 200.53 -
Utilities:Telephone #77: 130.86 -
Miscellaneous #14: 2916.00 -
TOTAL: 40658.97 40658.97
"""

BALANCE_SHEET = """\
ASSETS
  Current Assets
    Bank Accounts
      Checking #35: 1201.00
      Savings #36: 800.00
    Total Bank Accounts: 2001.00
    Accounts Receivable
      Accounts Receivable (A/R) #84: 5281.52
    Total Accounts Receivable: 5281.52
    Other Current Assets
      Inventory Asset #81: 596.25
      Undeposited Funds #4: 2062.52
    Total Other Current Assets: 2658.77
  Total Current Assets: 9941.29
  Fixed Assets
    Truck #37
      Original Cost #38: 13495.00
    Total Truck: 13495.00
  Total Fixed Assets: 13495.00
TOTAL ASSETS: 23436.29
LIABILITIES AND EQUITY
  Liabilities
    Current Liabilities
      Accounts Payable
        Accounts Payable (A/P) #33: 1602.67
      Total Accounts Payable: 1602.67
      Credit Cards
        Mastercard #41: 157.72
      Total Credit Cards: 157.72
      Other Current Liabilities
        Arizona Dept. of Revenue Payable #89: 0.00
        Board of Equalization Payable #90: 370.94
        Loan Payable #43: 4000.00
      Total Other Current Liabilities: 4370.94
    Total Current Liabilities: 6131.33
    Long-Term Liabilities
      Notes Payable #44: 25000.00
    Total Long-Term Liabilities: 25000.00
  Total Liabilities: 31131.33
  Equity
    Opening Balance Equity #34: -9337.50
    Retained Earnings #2: 149.62
    Net Income: 1492.84
  Total Equity: -7695.04
TOTAL LIABILITIES AND EQUITY: 23436.29
"""

PROFIT_AND_LOSS = """\
Income
  Design income #82: 2250.00
  Discounts given #86: -89.50
  Landscaping Services #45: 1477.50
    Job Materials #46
      Fountains and Garden Lighting #48: 2246.50
      Plants and Soil #49: 2351.97
      Sprinklers and Drip Systems #50: 138.00
    Total Job Materials: 4736.47
    Labor #51
      Installation #52: 250.00
      Maintenance and Repair #53: 50.00
    Total Labor: 300.00
  Total Landscaping Services: 6513.97
  Pest Control Services #54: 110.00
  Sales of Product Income #79: 912.75
  Services #1: 503.55
Total Income: 10200.77
Cost of Goods Sold
  Cost of Goods Sold #80: 405.00
Total Cost of Goods Sold: 405.00
Gross Profit: 9795.77
Expenses
  Advertising #7: 74.86
  Automobile #55: 113.96
    Fuel #56: 349.41
  Total Automobile: 463.37
  Equipment Rental #29: 112.00
  Insurance #11: 241.23
  Job Expenses #58: 155.07
    Job Materials #63
      Decks and Patios #64: 234.04
      Plants and Soil #66: 353.12
      Sprinklers and Drip Systems #67: 215.66
    Total Job Materials: 802.82
  Total Job Expenses: 957.89
  Legal & Professional Fees #12: 75.00
    Accounting #69: 640.00
    Bookkeeper #70: 55.00
    Lawyer #71: 400.00
  Total Legal & Professional Fees: 1170.00
  Maintenance and Repair #72: 185.00
    Equipment Repairs #75: 755.00
  Total Maintenance and Repair: 940.00
  Meals and Entertainment #13: 28.49
  Office Expenses #15: 18.08
  Rent or Lease #17: 900.00
  Utilities #24
    Gas and Electric #76: 200.53
    Telephone #77: 130.86
  Total Utilities: 331.39
Total Expenses: 5237.31
Net Operating Income: 4558.46
Other Expenses
  Miscellaneous #14: 2916.00
Total Other Expenses: 2916.00
Net Other Income: -2916.00
Net Income: 1642.46
"""

# By account: how many rows its section has, and what they come to.
GENERAL_LEDGER = {
    "35": (44, "1201.00"),
    "36": (2, "800.00"),
    "84": (48, "5281.52"),
    "81": (20, "596.25"),
    "4": (20, "2062.52"),
    "38": (1, "13495.00"),
    "33": (25, "1602.67"),
    "41": (17, "157.72"),
    "89": (3, ".00"),
    "90": (16, "370.94"),
    "43": (1, "4000.00"),
    "44": (1, "25000.00"),
    "34": (13, "-9337.50"),
    "82": (6, "2250.00"),
    "86": (3, "-89.50"),
    "45": (18, "1477.50"),
    "48": (14, "2246.50"),
    "49": (8, "2351.97"),
    "50": (3, "138.00"),
    "52": (1, "250.00"),
    "53": (1, "50.00"),
    "54": (8, "110.00"),
    "79": (8, "912.75"),
    "1": (2, "503.55"),
    "80": (6, "405.00"),
    "7": (1, "74.86"),
    "55": (5, "113.96"),
    "56": (6, "349.41"),
    "29": (1, "112.00"),
    "11": (1, "241.23"),
    "58": (2, "155.07"),
    "64": (3, "234.04"),
    "66": (4, "353.12"),
    "67": (1, "215.66"),
    "12": (1, "75.00"),
    "69": (3, "640.00"),
    "70": (1, "55.00"),
    "71": (2, "400.00"),
    "72": (1, "185.00"),
    "75": (1, "755.00"),
    "13": (3, "28.49"),
    "15": (1, "18.08"),
    "17": (1, "900.00"),
    "76": (2, "200.53"),
    "77": (2, "130.86"),
    "14": (3, "2916.00"),
    "Not Specified": (1, ".00"),
}

# How many transactions of each type the ledger holds.
TRANSACTIONS = {
    "Bill": 15,
    "Bill Payment (Check)": 7,
    "Bill Payment (Credit Card)": 3,
    "Cash Expense": 6,
    "Check": 8,
    "Credit Card Credit": 1,
    "Credit Card Expense": 5,
    "Credit Memo": 1,
    "Deposit": 5,
    "Expense": 15,
    "Inventory Qty Adjust": 4,
    "Invoice": 31,
    "Journal Entry": 3,
    "Payment": 16,
    "Refund": 1,
    "Sales Receipt": 4,
    "Sales Tax Payment": 2,
}
