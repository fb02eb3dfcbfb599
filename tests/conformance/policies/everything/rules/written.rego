# The widget's idle time is at most half of what its log says.
package compliance.everything.rules.written_by_hand

minutes := input.widget.minutes if is_number(input.widget.minutes)

logged := input.widget.log.minutes if is_number(input.widget.log.minutes)

expect_true if minutes * 2 <= logged

expect_false if minutes * 2 > logged

unknown_facts contains "widget.minutes" if not minutes

unknown_facts contains "widget.log.minutes" if not logged
