# shellcheck shell=sh
# Where the JDK is. Sourced by the scripts and by bin/remit, which starts often: no program is started
# here that the shell can do without.

# Whether a folder is the home of a JDK 25.
is_jdk() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while read -r jdk_line; do
    case $jdk_line in 'JAVA_VERSION="25.'* | 'JAVA_VERSION="25"') return 0 ;; esac
  done <"$1/release"
  return 1
}

# Prints the home of a JDK 25: JAVA_HOME, the one on PATH, or one where distributions install them.
# Another version in JAVA_HOME is somebody's other work and no mistake.
find_jdk() {
  if is_jdk "${JAVA_HOME-}"; then
    printf '%s\n' "$JAVA_HOME"
    return
  fi
  jdk_compiler=$(command -v javac) && jdk_compiler=$(readlink -f "$jdk_compiler")
  for jdk in "${jdk_compiler%/bin/javac}" /usr/lib/jvm/*25*; do
    if is_jdk "$jdk"; then
      printf '%s\n' "$jdk"
      return
    fi
  done
  return 1
}
