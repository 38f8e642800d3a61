# shellcheck shell=sh
# apt with sources and lists of its own, so that the machine's stay as they are. Needs say.sh.

codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")

# The URI from which this machine gets the packages of SUITE, by the lists in FOLDER; or nothing.
# shellcheck disable=SC2016 # apt fills in the $(...)
mirror_of() { # FOLDER SUITE
  apt-get -o Dir::State::Lists="$1" indextargets \
    --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $2" | head -n 1
}

# Gives private_apt's NAME a source: SUITE, from URI.
add_source() { # NAME URI SUITE
  mkdir -p "$apt/$1/sources" "$apt/$1/lists/partial" "$apt/$1/cache/archives/partial" "$apt/$1/files"
  cat >"$apt/$1/sources/$3.sources" <<END
Types: deb
URIs: $2
Suites: $3
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
}

# Runs PROGRAM (apt-get or apt-cache) with the sources of NAME alone.
private_apt() { # NAME PROGRAM WORDS...
  apt_name=$1 apt_program=$2
  shift 2
  LC_ALL=C DEBIAN_FRONTEND=noninteractive "$apt_program" -qq \
    -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$apt/$apt_name/sources" \
    -o Dir::Etc::Preferences="$apt/preferences" -o Dir::Etc::PreferencesParts=/dev/null \
    -o Dir::State::Lists="$apt/$apt_name/lists" -o Dir::Cache="$apt/$apt_name/cache" "$@"
}

# Sets 'mirror', from which this machine takes its Debian, and 'lists', by which it knows. FOLDER takes
# the lists of a machine that has not read its own sources yet.
find_mirror() { # FOLDER
  lists=/var/lib/apt/lists
  mirror=$(mirror_of "$lists" "$codename")
  if [ -z "$mirror" ]; then
    lists=$1
    mkdir -p "$lists/partial"
    apt-get -qq -o Dir::State::Lists="$lists" -o Dir::Cache="$lists" update >/dev/null 2>&1 || :
    mirror=$(mirror_of "$lists" "$codename")
  fi
  [ -n "$mirror" ] || fail "apt has no source for Debian $codename" \
    'packages are taken from where this machine takes its own' "add Debian $codename to apt's sources"
}

# Makes the sources: 'release' has this Debian release with its updates and backports, 'firmware' the
# suite from which OVMF for SEV comes where this release has none.
open_apt() {
  apt=$(mktemp -d)
  trap 'rm -rf "$apt"' EXIT
  chmod 0755 "$apt"

  find_mirror "$apt/machine"

  add_source release "$mirror" "$codename"
  for suite in "$codename-updates" "$codename-security"; do
    uri=$(mirror_of "$lists" "$suite")
    if [ -n "$uri" ]; then add_source release "$uri" "$suite"; fi
  done
  backports=$codename-backports
  add_source release "$mirror" "$backports"
  if ! update release; then
    # Testing and unstable have no backports and need none.
    rm "$apt/release/sources/$backports.sources"
    backports=
    update release || fail 'the package lists were not read' "$(cat "$apt/log")" 'see that the mirror answers'
  fi
  if [ "$(id -u)" = 0 ]; then chown _apt "$apt"/*/files; fi
}

update() { private_apt "$1" apt-get update >"$apt/log" 2>&1 && ! grep -q '^[EW]:' "$apt/log"; }

# The version that apt would install of PACKAGE from the sources of NAME; nothing where there is none.
candidate() { # NAME PACKAGE
  private_apt "$1" apt-cache policy "$2" | sed -n 's/^  Candidate: //p' | grep -v '^(none)$' || :
}

# Downloads PACKAGE (or PACKAGE/SUITE) from the sources of NAME and unpacks it into FOLDER.
unpack() { # NAME PACKAGE FOLDER
  rm -rf "$apt/$1/files"/* "$3.part"
  (cd "$apt/$1/files" && private_apt "$1" apt-get download "$2" >"$apt/log" 2>&1) ||
    fail "$2 was not downloaded" "$(cat "$apt/log")" 'see that the mirror answers'
  mkdir -p "$3.part"
  dpkg-deb -x "$apt/$1/files"/*.deb "$3.part"
  rm -rf "$3"
  mv "$3.part" "$3"
}

# Downloads the source of PACKAGE, the newest that the mirror gives of this release and its backports,
# and unpacks what the patterns name into FOLDER.
unpack_source() { # PACKAGE FOLDER PATTERNS...
  package=$1 folder=$2
  shift 2
  for suite in ${backports:+"$backports"} "$codename"; do
    rm -rf "$apt/source"
    add_source source "$mirror" "$suite"
    sed -i 's/^Types: deb$/Types: deb-src/' "$apt/source/sources/$suite.sources"
    update source || fail "the list of sources was not read" "$(cat "$apt/log")" 'see that the mirror answers'
    if [ "$(id -u)" = 0 ]; then chown _apt "$apt/source/files"; fi
    # apt compares each file with the signed list.
    if (cd "$apt/source/files" && private_apt source apt-get source --tar-only "$package" >"$apt/log" 2>&1); then
      rm -rf "$folder.part"
      mkdir -p "$folder.part"
      tar -xf "$apt/source/files/$package"_*.orig.tar.?z -C "$folder.part" --strip-components=1 --wildcards "$@"
      rm -rf "$folder"
      mv "$folder.part" "$folder"
      return
    fi
  done
  fail "the source of $package was not downloaded" "$(cat "$apt/log")" 'see that the mirror answers'
}
