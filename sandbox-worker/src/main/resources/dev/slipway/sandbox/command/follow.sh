# Prints what a command prints, from the given offsets on, until it has ended. Arguments: its id, offset in its standard
# output, offset in its standard error.
d=/tmp/.slipway/$1
if [ -e "$d/exit" ]; then
  tail -c +$(($2 + 1)) "$d/stdout" 2> /dev/null
  tail -c +$(($3 + 1)) "$d/stderr" 2> /dev/null >&3
  exit 0
fi 3>&2
read -r wrapper < "$d/wrapper"
# Opening it waits for whoever has it open for writing: first that is us, for a moment, as the wrapper may have ended by now.
exec 5<> "$d/alive" 4< "$d/alive" 5>&-
# They look themselves, now and then, for who follows may be killed.
tail --pid="$wrapper" -s 2 -c +$(($2 + 1)) -f "$d/stdout" 2> /dev/null 4<&- &
stdout=$!
tail --pid="$wrapper" -s 2 -c +$(($3 + 1)) -f "$d/stderr" >&2 2> /dev/null 4<&- &
stderr=$!
(read -r _ <&4) &
wait -n
# What they have not printed by now is asked for by who knows how far they came.
kill "$stdout" "$stderr" $! 2> /dev/null
wait
