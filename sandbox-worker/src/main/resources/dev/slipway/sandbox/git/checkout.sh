# Puts the files there. Arguments: path, commit. Says `done` or `failed`.
cd -- "$1" || { echo failed; exit 0; }
rm -f .git/index.lock .git/index
g reset -q --hard "$2" > /dev/null 2>&1 && echo done || echo failed
