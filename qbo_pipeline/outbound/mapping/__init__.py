"""Who is who: which QuickBooks object stands for a customer, vendor, item, worker, account or code of the operational system."""
