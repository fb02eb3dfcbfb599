# Versions of one to six dot-separated numbers: 17.4 is 17.4.0, and 10 comes after 9.
package compliance.lib.versions

# key(s) is an array that sorts as the version does; undefined for anything else.
key(s) := array.concat(numbers, array.slice([0, 0, 0, 0, 0, 0], count(numbers), 6)) if {
	is_string(s)
	regex.match(`^[0-9]{1,9}(?:\.[0-9]{1,9}){0,5}$`, s)
	numbers := [number(part) | some part in split(s, ".")]
}

number(digits) := 0 if trim_left(digits, "0") == ""

number(digits) := to_number(significant) if {
	significant := trim_left(digits, "0")
	significant != ""
}
