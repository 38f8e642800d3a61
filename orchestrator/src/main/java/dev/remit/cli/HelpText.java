package dev.remit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What "remit --help" says where there is no terminal to lay it out for, without the parser. */
final class HelpText {
  /** As the parser prints it: a test writes this text anew where the two differ. */
  static final String PREPARED =
      """
      Usage: remit [-hV] [--offline] [--color=WHEN] [--key-server=URL]
                   [--state=FOLDER] COMMAND
      Launches confidential virtual machines that are proven before they are trusted.
            --state=FOLDER     Journals and evidence; default: remit in
                                 $XDG_STATE_HOME or ~/.local/state.
            --color=WHEN       Colour in help and on terminals: auto, always, never;
                                 NO_COLOR is obeyed.
            --offline          Ask no key server: take signed CEKs only from what was
                                 kept or imported.
            --key-server=URL   Ask this key server instead of AMD's; https, or http
                                 to this machine.
        -h, --help             Show this help message and exit.
        -V, --version          Print version information and exit.

      Commands:
        doctor        Say what this machine and a host can do, each failure with its
                        fix.
        validate      Say everything that is wrong with a spec and the files it names.
        check         Look through files of anybody for what a host could read or
                        change: domains of libvirt, command lines, user data,
                        manifests of KubeVirt, plans of kcli, disks, media, initrds
                        and firmware.
        seal          Encrypt the user data of a spec for its guest, on a volume
                        whose key is a launch secret.
        plan          Show everything that launch would do, in REMIT order, and
                        change nothing.
        launch        Start a VM held, judge its evidence, and only then hand over
                        the secret. Whatever is not trusted is destroyed.
        verify        Judge stored evidence again, offline, without repeating a
                        stored verdict.
        endorsements  Bring signed CEKs to this machine, or to another one.
        measure       Compute the launch digest that a processor must report, from
                        files only. Prints it in hex and nothing else; with --tik or
                        --tk, the base64 of measure and nonce; with --reported,
                        whether that is what was reported, and else which input is
                        wrong.
        session       Make the launch session for one start of one guest, on a
                        platform whose chain is proven.
        secret        Seal secrets for one guest that was started, held, with a
                        session of yours.
        vmsa          Build, update or show the page of a vCPU that SEV-ES measures,
                        as QEMU sets it up.
        oca           Make a key and a certificate by which you own a platform: an
                        OCA, signed by itself.
        inspect       Decode a certificate, chain, measurement, firmware, disk image,
                        plan or bundle. Verifies nothing.
        list          List what Remit launched at a host.
        show          Show one launch: its state and the verdict on it.
        wait          Wait until a VM has ended, and tell how by the host's word.
        console       Show what a VM last said, by the word of the host that keeps
                        its console, and for how long it has said nothing. No host is
                        asked.
        stop          Ask a VM to shut down, and wait until it has. One that does not
                        is left running: see destroy.
        relaunch      End a VM and launch it again from the same documents: a reboot
                        is a new launch, with a new session and a new verdict.
        destroy       End a VM that Remit launched, at once.
        explain       Print the page of a diagnostic code, or an entry of the leak
                        catalogue.
        schema        Print the JSON schema of a document, for editors and other
                        tools.
        completion    Print a completion script for a shell.
        help          Tell about a command or a topic.

      "remit help COMMAND" tells more; "remit help status" lists exit status.
      """;

  private HelpText() {}

  static boolean isAskedForBy(String... arguments) {
    return arguments.length == 1
        && (arguments[0].equals("--help") || arguments[0].equals("-h"))
        && !isTerminal();
  }

  /** Of stdout. The JDK's own answer would first look at every jar for somebody who knows. */
  private static boolean isTerminal() {
    try {
      Path stdout = Files.readSymbolicLink(Path.of("/proc/self/fd/1"));
      return stdout.startsWith("/dev") && !stdout.equals(Path.of("/dev/null"));
    } catch (IOException unknown) {
      return true;
    }
  }
}
