# Stops a command, or claims it so that it never begins. Argument: its id. Says `never` or `stopped`.
id=$1
root=/tmp/.slipway
d=$root/$id
umask 077
mkdir -p "$root"
if mkdir -- "$d" 2> /dev/null; then
  echo "143 0 0 0 0 0" > "$d/exit"
  echo never
  exit 0
fi
for _ in 1 2 3 4 5 6 7 8 9 10; do
  [ ! -e "$d/exit" ] || break
  [ ! -e "$d/pid" ] || ! read -r group < "$d/pid" || break
  sleep 0.2
done
if [ -n "${group-}" ] && [ ! -e "$d/exit" ]; then
  kill -TERM -- "-$group" 2> /dev/null
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ ! -e "$d/exit" ] || break
    sleep 0.1
  done
  [ -e "$d/exit" ] || kill -KILL -- "-$group" 2> /dev/null
fi
echo stopped
