#!/bin/sh
# Runs a program until it ends or our standard input closes: then whoever started us is gone, however it ended.
exec 3<&0 </dev/null
"$@" 3<&- & child=$!
trap 'kill "$child" 2>/dev/null' TERM INT
( cat <&3 >/dev/null; kill "$child" 2>/dev/null ) & watch=$!
wait "$child"; code=$?
# A trapped signal ends the first wait early.
wait "$child" 2>/dev/null
kill "$watch" 2>/dev/null
exit "$code"
