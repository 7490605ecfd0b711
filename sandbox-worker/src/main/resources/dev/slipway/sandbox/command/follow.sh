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
tail --pid="$wrapper" -s 0.1 -c +$(($2 + 1)) -f "$d/stdout" 2> /dev/null 4<&- &
stdout=$!
tail --pid="$wrapper" -s 0.1 -c +$(($3 + 1)) -f "$d/stderr" >&2 2> /dev/null 4<&- &
stderr=$!
exec 2> /dev/null # not for what a shell may have to say of those that it ends
(read -r _ <&4) &
wait -n
kill $!
# Whatever they have not printed by then is asked for again, by who knows how far they came and how much there is. Of a
# command whose end nobody has told they print all there is, and see for themselves that it has gone.
[ ! -e "$d/exit" ] || kill "$stdout" "$stderr"
wait
