# Six calendar years, which no number of days says. The oldest version of the document that is kept is
# at least that old, or it is the first there ever was.
package compliance.hipaa.rules.document_versions_kept_six_years

import data.compliance.hipaa.lib.dates

oldest := input.document.oldest_kept_version_on

first := input.document.first_version_on

six_years_ago := concat("", [year, substring(input.as_of, 4, 6)]) if {
	dates.as_of
	year := substring(format_int((10000 + dates.year(input.as_of)) - 6, 10), 1, 4)
}

expect_true if {
	dates.valid(oldest)
	oldest <= six_years_ago
}

expect_true if {
	dates.valid(oldest)
	dates.valid(first)
	oldest <= first
}

expect_false if {
	dates.as_of
	oldest == "none"
}

expect_false if {
	dates.valid(oldest)
	dates.valid(first)
	oldest > six_years_ago
	oldest > first
}

unknown_facts contains "document.oldest_kept_version_on" if not oldest_known

unknown_facts contains "document.first_version_on" if {
	oldest != "none"
	not dates.valid(first)
}

oldest_known if dates.valid(oldest)

oldest_known if oldest == "none"
