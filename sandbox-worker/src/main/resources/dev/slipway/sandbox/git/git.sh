# Runs a program with a process group of its own that ends with whoever holds the other end of standard input, and when its
# time is over, also while nobody who holds it moves. Arguments: seconds, of the clock and of a processor, bytes of memory,
# bytes of the largest file, what it reads, then the program and its arguments.
# Standard input: what stands in a credential, as git's helpers say it, and an empty line; nothing more until it closes.
# The credential is in a pipe that the program has as descriptor 9, and can be read there once: it stands in no argument,
# no environment and no file.
seconds=$1 memory=$2 file=$3 input=$4
shift 4
exec 3<&0
credential=
while IFS= read -r line <&3 && [ -n "$line" ]; do
  credential="$credential$line
"
done
exec 9<<CREDENTIAL
$credential
CREDENTIAL
credential=
(
  ulimit -t "$seconds" && ulimit -v $((memory / 1024)) && ulimit -f $(((file + 511) / 512)) && ulimit -c 0 &&
    exec timeout --foreground --signal=KILL "$seconds" "$@"
) 3<&- < "$input" &
program=$!
{
  read -r line
  kill -s KILL -- "-$$"
} <&3 9<&- > /dev/null 2>&1 &
watch=$!
exec 9<&-
wait "$program"
code=$?
# what it has begun, too
[ "$code" -ne 137 ] || kill -s KILL -- "-$$"
kill "$watch" 2> /dev/null
wait "$watch" 2> /dev/null
exit "$code"
