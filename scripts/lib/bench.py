"""Runs whole processes in turn and compares them. Started by scripts/bench."""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT, JDK, HOST, *PARTS = sys.argv[1:]
GUEST = f"{ROOT}/build/guest"
BENCH = f"{ROOT}/build/bench"
REMIT = f"{ROOT}/bin/remit"
VALIDATOR = ["/usr/bin/python3", shutil.which("virt-qemu-sev-validate")]
FIRMWARE = f"{GUEST}/OVMF.amdsev.fd"
RUNS = int(os.environ.get("RUNS", "11"))
# An image that is not encrypted is no success, and not what is measured.
CHECKED = (0, 3, 8)
LAUNCHES = int(os.environ.get("LAUNCHES", "5"))


class Sample:
    """One finished process: seconds, MiB at its largest, what it said."""

    def __init__(self, command, environment=None, ends_with=(0,)):
        begun = time.perf_counter()
        # Both streams go through pipes: some programs do less when nobody reads.
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=said, env=environment
            )
            self.output = process.stdout.read().decode()
            _, status, usage = os.wait4(process.pid, 0)
            self.seconds = time.perf_counter() - begun
            process.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            self.errors = said.read().decode()
        self.cpu = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024
        if process.returncode not in ends_with:
            sys.exit(f"bench: error: {command} ended with {process.returncode}\n{self.errors}")


def in_turn(count, commands):
    """Each command once unmeasured, then all in turn; a command may be a function that makes a Sample."""
    samples = {name: [] for name in commands}
    for turn in range(count + 1):
        for name, command in commands.items():
            sample = command() if callable(command) else Sample(command)
            if turn > 0:
                samples[name].append(sample)
    return samples


def median(samples, figure):
    return statistics.median(figure(sample) for sample in samples)


def seconds(sample):
    return sample.seconds


def memory(sample):
    return sample.memory


def row(name, samples, beside, goal="", figure=seconds, unit="ms", scale=1000):
    """A line of the table: median and spread of both, and the median of the ratios turn by turn."""
    ratio = statistics.median(figure(a) / figure(b) for a, b in zip(samples, beside))
    values = [figure(sample) * scale for sample in samples]
    others = [figure(sample) * scale for sample in beside]
    print(
        f"| {name} | {statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f}) {unit}"
        f" | {statistics.median(others):.0f} ({min(others):.0f} to {max(others):.0f}) {unit}"
        f" | {ratio:.2f} | {goal} | {len(values)} |",
        flush=True,
    )


def heading(what):
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    print(f"\n{os.cpu_count()} processors, load {busy}")
    print(f"\n| {what} | Remit: median (min to max) | beside: median (min to max) | ratio | goal | n |")
    print("|---|---|---|---|---|---|", flush=True)


def start():
    spec = f"{ROOT}/examples/hello-sev.yaml"
    samples = in_turn(
        RUNS,
        {
            "hello": [f"{JDK}/bin/java", "-cp", f"{BENCH}/hello", "Hello"],
            "remit --help": [REMIT, "--help"],
            "remit validate --document-only SPEC": [REMIT, "validate", "--document-only", spec],
            "remit validate SPEC, which hashes 30 MB": [REMIT, "validate", spec],
            "remit explain M-001, through the parser": [REMIT, "explain", "M-001"],
        },
    )
    hello = samples.pop("hello")
    heading("start, beside a Java program that says hello")
    for name, mine in samples.items():
        row(name, mine, hello, "" if "explain" in name else "≤ 1.5")


def measure():
    firmware = ["--firmware", FIRMWARE]
    kernel = ["--kernel", f"{GUEST}/vmlinuz", "--initrd", f"{BENCH}/initrd-100M", "--cmdline", "quiet"]
    nonce = "AAAAAAAAAAAAAAAAAAAAAA=="
    mac = ["--tik", f"{BENCH}/tik.bin", "--api", "1.55", "--build", "40"]
    mac += ["--policy", "0x1", "--nonce", nonce]
    base = [REMIT, "measure", "--tee", "sev"]
    theirs = VALIDATOR + ["--quiet", "--tk", f"{BENCH}/tk.bin", "--api-major", "1"]
    theirs += ["--api-minor", "55", "--build-id", "40", "--policy", "1", "--measurement"]

    def validated(files):
        return theirs + [Sample(base + files + mac).output.strip()] + files

    large = firmware + kernel
    samples = in_turn(
        RUNS,
        {
            "digest": base + firmware,
            "mac": base + firmware + mac,
            "theirs": validated(firmware),
            "large digest": base + large,
            "large mac": base + large + mac,
            "large theirs": validated(large),
        },
    )
    heading("expected measurement, beside virt-qemu-sev-validate offline")
    row("firmware, digest", samples["digest"], samples["theirs"], "≤ 1.0")
    row("firmware, measurement under a key", samples["mac"], samples["theirs"], "≤ 1.0")
    row("kernel and 100 MiB initrd, digest", samples["large digest"], samples["large theirs"], "≤ 0.65")
    row("… measurement under a key", samples["large mac"], samples["large theirs"], "≤ 0.65")
    row(
        "kernel and 100 MiB initrd, memory",
        samples["large mac"],
        samples["large theirs"],
        "≤ 0.6",
        memory,
        "MiB",
        1,
    )


def image():
    path = sparse_image()
    samples = in_turn(
        RUNS,
        {
            "remit": lambda: Sample([REMIT, "check", path], ends_with=CHECKED),
            "qemu-img": ["qemu-img", "check", "-q", path],
        },
    )
    heading("a qcow2 image of 20 GiB with 3 MiB written, beside qemu-img check")
    row("check", samples["remit"], samples["qemu-img"], "< 2 s")
    row("… memory", samples["remit"], samples["qemu-img"], "< 200 MiB", memory, "MiB", 1)


def sparse_image():
    path = f"{BENCH}/sparse.qcow2"
    if not os.path.exists(path):
        Sample(["qemu-img", "create", "-q", "-f", "qcow2", f"{path}.new", "20G"])
        writes = [f"write -P 65 {at} 1M" for at in ("0", "10G", "20479M")]
        Sample(["qemu-io", *(word for write in writes for word in ("-c", write)), f"{path}.new"])
        os.rename(f"{path}.new", path)
    return path


class Daemon:
    """A libvirtd of our own: scripts/bench runs us where its folders can be ours."""

    START = """
set -eu
mkdir -p /run/libvirt
for place in /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt /run/libvirt; do
  mkdir -p "$1$place" "$place"
  mount --bind "$1$place" "$place"
done
PATH=$3:$PATH
exec "$2" -f "$1/libvirtd.conf" -p "$1/pid"
"""

    def __init__(self, folder, simulator):
        os.makedirs(f"{folder}/etc/libvirt")
        with open(f"{folder}/libvirtd.conf", "w") as conf:
            conf.write('auth_unix_rw = "none"\nauth_unix_ro = "none"\n')
        with open(f"{folder}/etc/libvirt/qemu.conf", "w") as conf:
            conf.write(
                'namespaces = []\ncgroup_controllers = []\nsecurity_driver = "none"\n'
                'stdio_handler = "file"\nuser = "root"\ngroup = "root"\n'
            )
        unpacked = f"{ROOT}/build/packages/libvirt-daemon/usr/sbin/libvirtd"
        libvirtd = unpacked if os.path.exists(unpacked) else "/usr/sbin/libvirtd"
        self.uri = "qemu:///system"
        self.log = open(f"{folder}/output", "w")
        self.process = subprocess.Popen(
            ["sh", "-c", self.START, "libvirtd", folder, libvirtd, f"{simulator}/bin"],
            stdout=self.log,
            stderr=self.log,
        )
        end = time.monotonic() + 60
        while subprocess.run(self.virsh("version"), capture_output=True).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > end:
                self.close()
                sys.exit(f"bench: error: libvirtd does not answer; see {folder}/output")

    def virsh(self, *arguments):
        return ["virsh", "--quiet", "--connect", self.uri, *arguments]

    def destroy_guests(self):
        """Ends what was launched: a guest that boots would take one of our processors."""
        for name in ("hello-sev", "plain"):
            subprocess.run(self.virsh("destroy", name), capture_output=True, check=False)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.log.close()


def launch():
    simulator = simulator_folder()
    # Sockets of guests lie below; their paths must be short.
    folder = tempfile.mkdtemp(prefix="remit-bench-", dir="/tmp")
    daemon = Daemon(f"{folder}/d", simulator)
    try:
        launches(daemon, folder, simulator)
    finally:
        daemon.destroy_guests()
        daemon.close()
        shutil.rmtree(folder, ignore_errors=True)


def simulator_folder():
    with open(f"{ROOT}/{HOST}") as document:
        emulator = re.search(r"emulator: (\S+)", document.read()).group(1)
    return os.path.dirname(os.path.normpath(os.path.join(ROOT, os.path.dirname(HOST), emulator)))


def launches(daemon, folder, simulator):
    host = f"{folder}/host.yaml"
    with open(host, "w") as document:
        document.write(
            "apiVersion: remit.dev/v1alpha1\nkind: Host\nmetadata: {name: bench}\nspec:\n"
            f'  uri: "{daemon.uri}"\n  emulator: {simulator}/qemu\n'
            f"  insecureRoot: {simulator}/simulated-ca.cert\n  consoleFolder: {folder}\n"
        )
    state = f"{folder}/state"
    session = session_folder(daemon, folder, simulator)
    domain = domain_document(folder, simulator, session)
    cmdline = open(f"{GUEST}/cmdline").read()

    def remit(*more):
        daemon.destroy_guests()
        spec = f"{ROOT}/examples/hello-sev.yaml"
        environment = {**os.environ, "XDG_STATE_HOME": state}
        return Sample([REMIT, "launch", spec, "--host", host, *more], environment)

    def script():
        daemon.destroy_guests()
        validate = VALIDATOR + ["--quiet", "--insecure", "--connect", daemon.uri, "--domain", "plain"]
        validate += ["--tk", f"{session}/tk.bin", "--firmware", FIRMWARE, "--kernel", f"{GUEST}/vmlinuz"]
        validate += ["--initrd", f"{GUEST}/initrd.img", "--cmdline", cmdline]
        validate += ["--inject-secret", f"luks-key:{GUEST}/disk.key"]
        steps = [daemon.virsh("nodesevinfo"), daemon.virsh("create", "--paused", domain), validate]
        return Steps([Sample(step) for step in steps])

    samples = in_turn(
        LAUNCHES, {"remit": remit, "verbose": lambda: remit("--verbose"), "script": script}
    )
    heading("launch until the guest runs, beside virsh and virt-qemu-sev-validate in a script")
    row("launch of examples/hello-sev.yaml", samples["remit"], samples["script"], "≤ 1.0")
    shares = [1 - waited(sample.errors) / sample.seconds for sample in samples["verbose"]]
    print(
        f"| share of Remit beyond the calls of libvirt | {statistics.median(shares):.0%}"
        f" ({min(shares):.0%} to {max(shares):.0%}) | | | ≤ 15 % | {len(shares)} |"
    )


class Steps:
    """Several processes, one after the other, as one."""

    def __init__(self, samples):
        self.seconds = sum(sample.seconds for sample in samples)
        self.memory = max(sample.memory for sample in samples)


def waited(log):
    """Seconds in calls of libvirt, as the program logs them."""
    took = [int(micros) for micros in re.findall(r"took (\d+) us", log)]
    if not took:
        sys.exit("bench: error: the log of a launch names no call of libvirt")
    return sum(took) / 1e6


def session_folder(daemon, folder, simulator):
    """Made before the clock runs, in favour of the script. A session can start several guests."""
    session = f"{folder}/session"
    said = Sample(daemon.virsh("nodesevinfo")).output
    values = dict(re.findall(r"^(\S+) *: (\S+)$", said, re.MULTILINE))
    Sample(
        [REMIT, "session", "--pdh", values["pdh"], "--cert-chain", values["cert-chain"]]
        + ["--insecure-root", f"{simulator}/simulated-ca.cert", "--policy", "0x1", "--out", session]
    )
    return session


def domain_document(folder, simulator, session):
    """As a tenant without Remit writes it; the files are the ones of the example."""
    disk = f"{folder}/plain.luks"
    shutil.copyfile(f"{GUEST}/disk.luks", disk)
    path = f"{folder}/plain.xml"
    with open(path, "w") as document:
        document.write(
            f"""<domain type='qemu'>
  <name>plain</name>
  <memory unit='MiB'>512</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader type='rom' stateless='yes'>{FIRMWARE}</loader>
    <kernel>{GUEST}/vmlinuz</kernel>
    <initrd>{GUEST}/initrd.img</initrd>
    <cmdline>{open(f"{GUEST}/cmdline").read()}</cmdline>
  </os>
  <features><acpi/><apic/></features>
  <cpu mode='custom' match='exact' check='none'>
    <model fallback='forbid'>EPYC-Milan</model>
    <feature policy='disable' name='svm'/>
  </cpu>
  <on_reboot>destroy</on_reboot>
  <devices>
    <emulator>{simulator}/qemu</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw' iommu='on'/>
      <source file='{disk}'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <serial type='file'><source path='{folder}/plain.log'/></serial>
  </devices>
  <launchSecurity type='sev' kernelHashes='yes'>
    <policy>0x00000001</policy>
    <dhCert>{open(f"{session}/godh.b64").read()}</dhCert>
    <session>{open(f"{session}/session.b64").read()}</session>
  </launchSecurity>
</domain>
"""
        )
    return path


if __name__ == "__main__":
    parts = {"start": start, "measure": measure, "image": image, "launch": launch}
    for part in PARTS or parts:
        parts[part]()
