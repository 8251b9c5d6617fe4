#!/usr/bin/env bash
# Sets attributes from a list, goes on where a run before was cut short, and ends with exoconnect's exit code. The profile was made once, as the
# account that this runs as: exoconnect connect --app-id … --organization … --certificate app.pem --profile nightly
set -euo pipefail

list="${1:?the list, a CSV file whose header names the parameters}"
state="${STATE_DIRECTORY:-$(dirname "$list")}"
checkpoint="$state/$(basename "$list").checkpoint"

code=0
exoconnect run Set-Mailbox --profile "${EXOCONNECT_PROFILE:-nightly}" --from "$list" --checkpoint "$checkpoint" || code=$?
if ((code == 0)); then
    rm -f "$checkpoint"
fi

exit "$code"
