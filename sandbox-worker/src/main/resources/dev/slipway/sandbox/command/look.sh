# What has become of a command. Argument: its id. Says `none`, `running`, `lost`, or `exit` and what run.sh has left there.
id=$1
d=/tmp/.slipway/$id
ended() { [ -e "$d/exit" ] && echo "exit $(cat "$d/exit")"; }
runs() { [ -e "$d/wrapper" ] && tr '\0' '\n' < "/proc/$(cat "$d/wrapper")/cmdline" 2> /dev/null | grep -qxF -- "$id"; }
ended && exit 0
[ -d "$d" ] || { echo none; exit 0; }
# Whoever has just claimed it needs a moment to say who he is.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  runs && { echo running; exit 0; }
  ended && exit 0
  [ ! -e "$d/wrapper" ] || break
  sleep 0.2
done
ended || echo lost
