#!/usr/bin/env bash
# One task by hand: what a service does for it, call by call and one after the other, by curl and the
# machine's git. Prints a line with its milliseconds after each step.
#
# usage: by-hand.sh CLONE-URL BRANCH FILE COMMAND
# E2B_URL, E2B_KEY, GITHUB_URL, GITHUB_REPOSITORY, GITHUB_TOKEN and git's own variables say where and as whom.
set -euo pipefail
url=$1 branch=$2 file=$3 command=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
last=$(date +%s%N)

step() {
  local now
  now=$(date +%s%N)
  echo "step $1 $(((now - last) / 1000000))"
  last=$now
}

field() { # of a flat JSON object
  sed -n "s/.*\"$1\": *\"\\([^\"]*\\)\".*/\\1/p"
}

inside() { # runs a line of shell in the sandbox
  local json hex
  json="{\"process\":{\"cmd\":\"/bin/bash\",\"args\":[\"-c\",\"$1\"]},\"stdin\":false}"
  printf -v hex '%08x' "${#json}"
  {
    printf '\0'
    printf '%b' "\\x${hex:0:2}\\x${hex:2:2}\\x${hex:4:2}\\x${hex:6:2}"
    printf '%s' "$json"
  } | curl -sSf -X POST "$E2B_URL/process.Process/Start" "${sandbox[@]}" \
    -H 'Connect-Protocol-Version: 1' -H 'Content-Type: application/connect+json' --data-binary @- \
    | grep -aq '"exit status 0"'
}

github() {
  curl -sSf -H "Authorization: Bearer $GITHUB_TOKEN" -H 'User-Agent: by-hand' "$@"
}

made=$(curl -sSf -X POST "$E2B_URL/v2/sandboxes" -H "X-API-Key: $E2B_KEY" -H 'Content-Type: application/json' \
  -d '{"templateID":"base","timeout":600}')
id=$(field sandboxID <<< "$made")
sandbox=(-H "E2b-Sandbox-Id: $id" -H 'E2b-Sandbox-Port: 49983' -H "X-Access-Token: $(field envdAccessToken <<< "$made")")
step CREATING_SANDBOX

git clone -q --depth 1 "$url" "$work/clone"
tar -C "$work" -c clone | curl -sSf -o "$work/answer" -X POST "$E2B_URL/files?path=/home/user/clone.tar" "${sandbox[@]}" \
  -H 'Content-Type: application/octet-stream' --data-binary @-
inside 'tar xf clone.tar && rm clone.tar'
step CLONING

inside "cd clone && git checkout -q -b $branch"
step BRANCHING

inside "cd clone && $command"
step RUNNING

inside 'cd clone && git add -A && git diff --cached --binary --full-index > ../patch'
curl -sSf "$E2B_URL/files?path=/home/user/patch" "${sandbox[@]}" -o "$work/patch"
git -C "$work/clone" apply --index "$work/patch"
git -C "$work/clone" commit -q -m "Add $file"
step COMMITTING

git -C "$work/clone" push -q origin "HEAD:refs/heads/$branch"
step PUSHING

pulls=$GITHUB_URL/repos/$GITHUB_REPOSITORY/pulls
github -o "$work/answer" "$pulls?state=all&head=${GITHUB_REPOSITORY%/*}:$branch"
github -X POST "$pulls" -d "{\"title\":\"Add $file\",\"head\":\"$branch\",\"base\":\"main\"}" | grep -q '"number"'
github -o "$work/answer" "$pulls?state=all&head=${GITHUB_REPOSITORY%/*}:$branch"
step OPENING_PULL_REQUEST

# is not part of it: the service does so when the pull request is merged
curl -sSf -X DELETE "$E2B_URL/sandboxes/$id" -H "X-API-Key: $E2B_KEY"
