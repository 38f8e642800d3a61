# shellcheck shell=sh
# Where the JDK is. Sourced by the scripts and by bin/remit.

# Prints the home of a JDK 25: JAVA_HOME, the one on PATH, or one where distributions install them.
# Another version in JAVA_HOME is somebody's other work and no mistake.
find_jdk() {
  jdk_compiler=$(command -v javac) && jdk_compiler=$(readlink -f "$jdk_compiler")
  for jdk in "${JAVA_HOME-}" "${jdk_compiler%/bin/javac}" /usr/lib/jvm/*25*; do
    if [ -x "$jdk/bin/javac" ] && grep -qs '^JAVA_VERSION="25[".]' "$jdk/release"; then
      printf '%s\n' "$jdk"
      return
    fi
  done
  return 1
}
