# Prints what a command prints, from the given offsets on, until it has ended. Arguments: its id, offset in its standard
# output, offset in its standard error.
d=/tmp/.slipway/$1 stdout=+$(($2 + 1)) stderr=+$(($3 + 1))
exec 3>&2
ended() {
  [ -e "$d/exit" ] || return
  tail -c "$stdout" "$d/stdout" 2> /dev/null
  tail -c "$stderr" "$d/stderr" 2> /dev/null >&3
  exit 0
}
ended
read -r wrapper < "$d/wrapper"
# Opening it waits for whoever has it open for writing: first that is us, for a moment, as the wrapper may have ended by now.
exec 5<> "$d/alive" 4< "$d/alive" 5>&-
# Most commands are quick, and of those that have ended the outputs come in order.
read -r -t 0.03 _ <&4
ended
tail --pid="$wrapper" -s 0.1 -c "$stdout" -f "$d/stdout" 2> /dev/null 3>&- 4<&- &
first=$!
tail --pid="$wrapper" -s 0.1 -c "$stderr" -f "$d/stderr" >&3 2> /dev/null 3>&- 4<&- &
second=$!
exec 2> /dev/null # not for what a shell may have to say of those that it ends
(read -r _ <&4) &
wait -n
kill $!
# Whatever they have not printed by then is asked for again, by who knows how far they came and how much there is. Of a
# command whose end nobody has told they print all there is, and see for themselves that it has gone.
[ ! -e "$d/exit" ] || kill "$first" "$second"
wait
