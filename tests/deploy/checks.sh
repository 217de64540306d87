# How the scripts of tests/deploy/ check (bash, sourced): each check is a sentence, all are made,
# and `finish_checks` fails when one failed.
# shellcheck shell=bash

checks_made=0
checks_failed=0

# check SENTENCE COMMAND...: the command's exit code decides; what it printed is shown on failure.
check() {
    local sentence=$1 output
    shift
    checks_made=$((checks_made + 1))
    if output=$("$@" 2>&1); then
        printf 'ok      %s\n' "$sentence"
    else
        checks_failed=$((checks_failed + 1))
        printf 'FAILED  %s\n        %s\n%s\n' "$sentence" "$*" "$output"
    fi
}

# For `check`: says COMMAND..., and that its output has TEXT.
says() {
    local text=$1 output
    shift
    output=$("$@" 2>&1) || true
    printf '%s\n' "$output"
    grep -qF -e "$text" <<<"$output"
}

fails() { ! "$@"; }

# eventually SECONDS COMMAND...: tries again until it succeeds.
eventually() {
    local until=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        if [ "$SECONDS" -ge "$until" ]; then
            "$@"
            return
        fi
        sleep 0.2
    done
}

# Ends the script with CTest's code for a test that was not made.
skip() {
    printf 'skipped: %s\n' "$*"
    exit 77
}

finish_checks() {
    printf '%s checks, %s failed\n' "$checks_made" "$checks_failed"
    [ "$checks_made" -gt 0 ] && [ "$checks_failed" -eq 0 ]
}
