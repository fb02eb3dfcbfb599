# Calendar arithmetic on ISO dates (YYYY-MM-DD, years 0001 to 9999) without a clock.
package compliance.lib.dates

# No regular expression: WebAssembly would compile it anew for every record.
last_days := {
	"01": "31", "02": "29", "03": "31", "04": "30", "05": "31", "06": "30",
	"07": "31", "08": "31", "09": "30", "10": "31", "11": "30", "12": "31",
}

# Asked by key, for `in` walks the whole set.
days_of_month := {
	"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11",
	"12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22",
	"23", "24", "25", "26", "27", "28", "29", "30", "31",
}

# valid(s) is true for a real calendar date and undefined for anything else.
valid(s) if {
	is_string(s)
	[year, month, day] := split(s, "-")
	count(year) == 4
	trim_left(year, "0123456789") == ""
	year != "0000"
	days_of_month[day]
	day <= last_days[month]
	not leap_day_of_common_year(year, month, day)
}

leap_day_of_common_year(year, "02", "29") if not leap(number(year))

year(s) := number(substring(s, 0, 4))

# to_number("007") is not valid JSON, so leading zeros go first; no part of a valid date is zero.
number(digits) := to_number(trim_left(digits, "0"))

leap(y) if {
	y % 4 == 0
	y % 100 != 0
}

leap(y) if y % 400 == 0

# days(s) numbers the days: 1 for 0001-01-01. Undefined unless s is a real calendar date.
days(s) := count_days(year(s), number(substring(s, 5, 2)), number(substring(s, 8, 2))) if valid(s)

# The year is counted from March, so that the leap day is its last day.
count_days(y, m, d) := ((((((yy * 365) + floor(yy / 4)) - floor(yy / 100)) + floor(yy / 400)) + floor(((153 * month_from_march(m)) + 2) / 5)) + d) - 306 if {
	yy := y - before_march(m)
}

before_march(m) := 1 if m <= 2

before_march(m) := 0 if m > 2

month_from_march(m) := m - 3 if m > 2

month_from_march(m) := m + 9 if m <= 2

first_day := 1

last_day := 3652059

# iso(n) is the date of day number n; days before year 1 become its first day, days after year 9999 its last.
iso(n) := "0001-01-01" if n <= first_day

iso(n) := "9999-12-31" if n >= last_day

# Years start in March. In quarters of days 146097 are a century and 1461 a year, on average; in
# fifths of days 153 are a month.
iso(n) := s if {
	n > first_day
	n < last_day
	quarters := (4 * n) + 1223
	century := floor(quarters / 146097)
	of_century := (4 * floor((quarters % 146097) / 4)) + 3
	fifths := (5 * floor((of_century % 1461) / 4)) + 2
	mm := floor(fifths / 153)
	d := floor((fifths % 153) / 5) + 1
	m := month_from_january(mm)
	y := ((100 * century) + floor(of_century / 1461)) + before_march(m)
	digits := format_int((((10000 + y) * 10000) + (100 * m)) + d, 10)
	s := concat("-", [substring(digits, 1, 4), substring(digits, 5, 2), substring(digits, 7, 2)])
}

month_from_january(mm) := mm + 3 if mm < 10

month_from_january(mm) := mm - 9 if mm >= 10

# The date of the assessment; undefined where it is no real date.
as_of := input.as_of if valid(input.as_of)

as_of_days := days(input.as_of)

# days_ago(n) is the date n days before the assessment; n is a whole number.
days_ago(n) := iso(as_of_days - n) if whole(n)

# later_by_at_most(a, b, n): a lies at most n days after b (before b counts).
later_by_at_most(a, b, n) if {
	whole(n)
	days(a) - days(b) <= n
}

# later_by_more(a, b, n): a lies more than n days after b.
later_by_more(a, b, n) if {
	whole(n)
	days(a) - days(b) > n
}

# Beyond 2^53 not every whole number has a notation of its own, and floor() differs between programs.
whole(n) if {
	is_number(n)
	abs(n) <= 9007199254740992
	n == floor(n)
}
