# Every standard of 164.308 to 164.312 is among what written documents say they carry out. Which
# standards there are is law; a condition in YAML cannot ask for the union of several lists.
package compliance.hipaa.rules.procedures_for_every_standard

# The id of each standard and the paragraph as people write it.
standards := {
	"hipaa-164.308.a.1.i": {"164.308(a)(1)", "164.308(a)(1)(i)"},
	"hipaa-164.308.a.2": {"164.308(a)(2)"},
	"hipaa-164.308.a.3.i": {"164.308(a)(3)", "164.308(a)(3)(i)"},
	"hipaa-164.308.a.4.i": {"164.308(a)(4)", "164.308(a)(4)(i)"},
	"hipaa-164.308.a.5.i": {"164.308(a)(5)", "164.308(a)(5)(i)"},
	"hipaa-164.308.a.6.i": {"164.308(a)(6)", "164.308(a)(6)(i)"},
	"hipaa-164.308.a.7.i": {"164.308(a)(7)", "164.308(a)(7)(i)"},
	"hipaa-164.308.a.8": {"164.308(a)(8)"},
	"hipaa-164.308.b.1": {"164.308(b)", "164.308(b)(1)"},
	"hipaa-164.310.a.1": {"164.310(a)", "164.310(a)(1)"},
	"hipaa-164.310.b": {"164.310(b)"},
	"hipaa-164.310.c": {"164.310(c)"},
	"hipaa-164.310.d.1": {"164.310(d)", "164.310(d)(1)"},
	"hipaa-164.312.a.1": {"164.312(a)", "164.312(a)(1)"},
	"hipaa-164.312.b": {"164.312(b)"},
	"hipaa-164.312.c.1": {"164.312(c)", "164.312(c)(1)"},
	"hipaa-164.312.d": {"164.312(d)"},
	"hipaa-164.312.e.1": {"164.312(e)", "164.312(e)(1)"},
}

documents := input.agency.links.documents

expect_true if {
	every standard, paragraphs in standards {
		carried_out(standard, paragraphs)
	}
}

expect_false if {
	documents.complete == true
	is_array(documents.records)
	some standard, paragraphs in standards
	every document in documents.records {
		not_by(document, standard, paragraphs)
	}
}

carried_out(standard, paragraphs) if {
	some document in documents.records
	in_writing(document)
	is_array(document.covers)
	some member in document.covers
	names(member, standard, paragraphs)
}

# It is known that the document does not carry out the standard in writing.
not_by(document, _, _) if document.document_ref in {"none", ""}

not_by(document, standard, paragraphs) if {
	is_array(document.covers)
	every member in document.covers {
		is_string(member)
		not names(member, standard, paragraphs)
	}
}

in_writing(document) if {
	is_string(document.document_ref)
	not document.document_ref in {"none", ""}
}

names(member, standard, _) if member == standard

names(member, _, paragraphs) if {
	is_string(member)
	trim_prefix(member, "45 CFR ") in paragraphs
}

unknown_facts contains "agency.documents" if {
	not expect_true
	not expect_false
}
