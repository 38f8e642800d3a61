# shellcheck shell=sh
# The built program and the JVM that runs it. Sourced after 'set -eu' with the repository's root in
# $root, by bin/remit and by what prepares its start.

# shellcheck disable=SC2154
. "$root/scripts/lib/jdk.sh"

refuse() {
  printf 'remit: error: %s\n  why: %s\n  fix: %s\n' "$1" "$2" "$3" >&2
  exit 4
}

# Sets $program to the jar that 'mvn package' built, and $jdk to the home of a JDK 25.
find_program() {
  jdk=$(find_jdk) || refuse 'there is no JDK 25' \
    'neither JAVA_HOME, PATH nor /usr/lib/jvm has one' 'run scripts/setup, or set JAVA_HOME to a JDK 25'
  program=
  for jar in "$root"/orchestrator/target/remit-orchestrator-*.jar; do
    case $jar in *-tests.jar | *-sources.jar | *-javadoc.jar) ;; *) program=$jar ;; esac
  done
  [ -f "$program" ] || refuse 'the program is not built' 'orchestrator/target holds no jar' \
    'run scripts/setup once, then "mvn -DskipTests package"'
}

# Sets $prepared to what scripts/build-cache makes of the program for a command, and says whether it is
# there and was made after the jar. All that is in it is loaded at once, so that the commands which
# start most often have theirs, and so has a launch, which does most.
is_prepared() { # COMMAND
  case $1 in
    -h | --help) is_newer_than_program help ;;
    measure | validate) is_newer_than_program plain ;;
    launch | relaunch) is_newer_than_program launch || is_newer_than_program all ;;
    *) is_newer_than_program all ;;
  esac
}

is_newer_than_program() { # WHAT
  prepared=${program%.jar}-$1.aot
  # shellcheck disable=SC3013 # every shell that a Linux distribution calls sh knows -nt
  [ "$prepared" -nt "$program" ]
}

# Becomes a JVM with these further options and arguments. This process holds keys. It leaves no core,
# crash or heap file behind and offers no attach interface of Java; options from the environment could
# undo that, so they are not taken. The program itself then keeps out debuggers, and cores that a pipe
# would take in spite of the limit. The decoder of Zstandard reads its arrays by sun.misc.Unsafe, of
# which a JVM would warn on stderr.
become_jvm() {
  unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS JDK_AOT_VM_OPTIONS
  # shellcheck disable=SC3045 # every shell that a Linux distribution calls sh knows 'ulimit -c'
  ulimit -c 0
  exec "$jdk/bin/java" \
    -XX:+DisableAttachMechanism -XX:-UsePerfData \
    -XX:-CreateCoredumpOnCrash -XX:-HeapDumpOnOutOfMemoryError -XX:ErrorFile=/dev/null \
    -XX:-DumpReplayDataOnError \
    -XX:+UseSerialGC \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    "$@"
}
