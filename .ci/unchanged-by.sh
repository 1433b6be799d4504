#!/usr/bin/env bash
# unchanged-by.sh COMMAND…: runs it and fails if a file of the work tree is then different. It compares with the state before,
# not with the last commit, so that it also serves before a commit.
set -euo pipefail

state() { git status --porcelain --untracked-files=all && git diff; }

before=$(state)
"$@"
after=$(state)
if [ "$before" != "$after" ]; then
  diff <(printf '%s\n' "$before") <(printf '%s\n' "$after") || true
  echo >&2 "error: $* changed files"
  echo >&2 'hint: Run it and commit what it writes.'
  exit 1
fi
