# Prints what a command prints, from the given offsets on, until it has ended. Arguments: its id, offset in its standard
# output, offset in its standard error.
d=/tmp/.slipway/$1
if [ -e "$d/exit" ]; then
  tail -c +$(($2 + 1)) "$d/stdout" 2> /dev/null
  tail -c +$(($3 + 1)) "$d/stderr" 2> /dev/null >&3
  exit 0
fi 3>&2
read -r wrapper < "$d/wrapper"
tail --pid="$wrapper" -s 0.1 -c +$(($2 + 1)) -f "$d/stdout" 2> /dev/null &
tail --pid="$wrapper" -s 0.1 -c +$(($3 + 1)) -f "$d/stderr" >&2 2> /dev/null &
wait
