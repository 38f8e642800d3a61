# shellcheck shell=sh
# What every script here says, and how. Sourced after 'set -eu' with the repository's root in $root.

# One line about what is being done.
say() { printf '%s: %s\n' "${0##*/}" "$1" >&2; }

# WHAT went wrong, WHY, and what to do about it; ends the script.
fail() {
  printf '%s: error: %s\n  why: %s\n  fix: %s\n' "${0##*/}" "$1" "$2" "$3" >&2
  exit 1
}
