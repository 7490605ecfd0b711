# Runs one command in a sandbox, once: making its directory is the claim.
# Arguments: id, limit of each output in KiB, seconds until it is stopped, directory, then the command.
# Standard input: NAME=VALUE pairs, each ended by NUL; one more NUL; the size of the command's standard input in bytes and
# a line feed; that input. All of it is read before the claim, so that a caller who dies in the middle claims nothing.
# Says `began`, `taken` or `no_directory`, and leaves in /tmp/.slipway/<id>: wrapper (own process id), pid (the command's),
# stdout, stderr, alive (a pipe, open for as long as the wrapper lives), and last of all exit, which counts once it ends with
# a line feed. No directory is an end too: who comes later begins nothing.
# Every process that it begins costs the caller a millisecond or two, so it begins few.
set -u
umask 077
id=$1 limit=$2 seconds=$3 directory=$4
shift 4
root=/tmp/.slipway
d=$root/$id
patience=60
hash setsid 2> /dev/null || exit 72
setsid=${BASH_CMDS[setsid]} # the command's PATH may lead elsewhere

environment=()
while true; do
  IFS= read -r -d '' -t $patience pair || exit 75
  [ -n "$pair" ] || break
  environment+=("$pair")
done
IFS= read -r -t $patience size || exit 75
[ -d "$root" ] || mkdir -p "$root" || exit 73
if [ "$size" != 0 ]; then
  timeout $patience head -c "$size" > "$root/$id.in.$$" || exit 75
  [ "$(stat -c %s "$root/$id.in.$$")" = "$size" ] || exit 75
fi
mkdir -- "$d" 2> /dev/null || { rm -f "$root/$id.in.$$"; echo taken; exit 0; }
cd -- "$directory" 2> /dev/null || {
  rm -f "$root/$id.in.$$"
  echo no_directory > "$d/exit"
  echo no_directory
  exit 0
}

# What earlier commands printed has been taken by now. No process for those whose output is gone already.
for other in "$root"/*/; do
  [ "$other" = "$d/" ] || [ ! -e "$other/exit" ] || [ ! -e "$other/stdout" ] ||
    rm -f "$other/in" "$other/stderr" "$other/stdout"
done
if [ "$size" = 0 ]; then : > "$d/in"; else mv -- "$root/$id.in.$$" "$d/in"; fi
exec 7>> "$d/stdout" 8>> "$d/stderr"
mkfifo "$d/out" "$d/err" "$d/never" "$d/alive" || exit 73
exec 6<> "$d/alive" 9<> "$d/never" # who reads `alive` waits for its end: no process that it begins has it open
echo $$ > "$d/wrapper.new" && mv "$d/wrapper.new" "$d/wrapper"
echo began
exec < /dev/null > /dev/null 2>&1

# cat writes what it reads at once, and fails at the limit of a file's size: what comes after is read and dropped, so that
# the command does not notice.
keep() {
  if ! (trap '' XFSZ && ulimit -f "$limit" && exec cat >&"$2"); then
    : > "$d/$1.cut"
    cat > /dev/null
  fi
}
keep stdout 7 < "$d/out" 6>&- &
out=$!
keep stderr 8 < "$d/err" 6>&- &
err=$!

now() { # in milliseconds; older shells need a process to tell
  now=${EPOCHREALTIME-}
  if [ -n "$now" ]; then now=${now/[.,]/} now=${now%???}; else now=$(date +%s%3N); fi
}
# Waits without a process of its own: what is written into `never` is read by nobody but the watchdog.
pause() { read -r -t "$1" -u 9; }
# It is there before the command. From then on no process is begun: there may be no room for one.
(
  read -r -t $patience -u 9 command || exit
  pause "$seconds"
  : > "$d/late"
  kill -TERM -- -$command
  for _ in {1..50}; do
    kill -0 -- -$command || exit 0
    pause 0.1
  done
  kill -KILL -- -$command
) 6>&- &
watchdog=$!

now && began=$now
(
  exec 6>&- 7>&- 8>&- 9>&-
  echo $BASHPID > "$d/pid"
  for pair in ${environment[@]+"${environment[@]}"}; do export "$pair"; done
  exec "$setsid" -- "$@"
) < "$d/in" > "$d/out" 2> "$d/err" &
command=$!
echo $command >&9

wait $command
code=$?
# Of what has run for too long all is ended: who asks what became of it needs a process too.
if [ -e "$d/late" ]; then wait $watchdog; else kill $watchdog; fi
now && ended=$now
# What it left running may hold its outputs open: they are drained, and no longer kept.
for rest in 0.01 0.02 0.04 0.08 0.15 0.3 0.5 0.9; do
  kill -0 $out || kill -0 $err || break
  pause $rest
done
cut=0
[ ! -e "$d/stdout.cut" ] && [ ! -e "$d/stderr.cut" ] || cut=1
late=0
[ ! -e "$d/late" ] || late=1
# Where a descriptor stands is how much there is; a kernel that does not tell has it looked up.
size() { { read -r name size < "/proc/$$/fdinfo/$1" && [ "$name" = pos: ]; } || size=$(stat -c %s "$d/$2"); }
size 7 stdout && stdout=$size
size 8 stderr && stderr=$size
echo "$code $stdout $stderr $cut $late $((ended - began))" > "$d/exit"
