package compliance.lib.versions_test

import data.compliance.lib.versions

test_missing_parts_are_zero if {
	versions.key("17.4") == versions.key("17.4.0")
	versions.key("1") == versions.key("1.0.0.0.0.0")
}

test_numbers_and_not_letters_are_compared if {
	versions.key("10.0") > versions.key("9.9.9")
	versions.key("10.0.22631") < versions.key("10.0.26100")
	versions.key("017.04") == versions.key("17.4")
}

test_anything_else_is_undefined if {
	every version in ["", "17.", ".4", "17.4-beta", "v17", "1.2.3.4.5.6.7", "1234567890", "1,2", "none", 17.4, null, ["17"]] {
		not versions.key(version)
	}
}
