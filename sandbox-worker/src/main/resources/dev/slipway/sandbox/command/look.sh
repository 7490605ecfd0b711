# What has become of a command. Argument: its id. Says `none`, `running`, `lost`, or `exit` and what run.sh has left there,
# which is `no_directory` or how it ended.
id=$1
d=/tmp/.slipway/$id
# With builtins alone: where no process can be begun, an answer would be a guess.
ended() { [ -e "$d/exit" ] && read -r line < "$d/exit" && echo "exit $line"; }
runs() {
  local wrapper arguments argument
  read -r wrapper < "$d/wrapper" || return 1
  { mapfile -d '' arguments < "/proc/$wrapper/cmdline"; } 2> /dev/null || return 1
  for argument in "${arguments[@]}"; do
    [ "$argument" != "$id" ] || return 0
  done
  return 1
}
ended && exit 0
[ -d "$d" ] || { echo none; exit 0; }
# Whoever has just claimed it needs a moment to say who he is.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  [ -e "$d/wrapper" ] && runs && { echo running; exit 0; }
  ended && exit 0
  [ ! -e "$d/wrapper" ] || break
  sleep 0.2
done
ended || echo lost
