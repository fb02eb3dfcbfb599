package compliance.sample.rules.vendor_agreements

import data.compliance.sample.lib.lists

# A vendor that handles protected data has signed the agreement.
expect_true if {
	input.system.links.vendors.complete == true
	every vendor in input.system.links.vendors.records {
		signed(vendor)
	}
}

expect_no if {
	some vendor in input.system.links.vendors.records
	lists.strings(vendor.data_types)
	vendor.baa.status == "expired"
}

signed(vendor) if vendor.baa.status == "signed"

signed(vendor) if {
	lists.strings(vendor.data_types)
	count(vendor.data_types) == 0
}
