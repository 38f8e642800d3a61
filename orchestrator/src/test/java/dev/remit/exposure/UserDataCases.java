package dev.remit.exposure;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Each way in which an entry shows in user data. */
final class UserDataCases {
  private static final String PEM =
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n";

  static final List<TextCase> ALL =
      List.of(
          config(
              "PROV-30",
              "chpasswd: {users: [{name: a, type: RANDOM}]}",
              "chpasswd: {users: [{name: a, type: hash, password: $6$salt$aaaaaaaaaaaaaaaa}]}"),
          config(
              "PROV-30",
              "chpasswd: {list: ['a:R']}",
              "chpasswd: {list: ['a:$6$salt$aaaaaaaaaaaaaaaa']}"),
          config(
              "PROV-30",
              "chpasswd:\n  list: |\n    a:RANDOM",
              "chpasswd:\n  list: |\n    a:$y$j9T$aaaaaaaaaaaaaaaa"),
          config("PROV-30", "password: R", "password: $6$salt$aaaaaaaaaaaaaaaa"),
          config("PROV-30", "random_password: true", "hostname: a"),
          config("PROV-31", "ssh_pwauth: true", "ssh_pwauth: false"),
          config("PROV-31", "ssh_pwauth: yes", "ssh_pwauth: no"),
          config("PROV-31", "ssh_pwauth: 'True'", "ssh_pwauth: unchanged"),
          config("PROV-31", "ssh_pwauth: false\nssh_pwauth: true", "ssh_pwauth: false"),
          config("PROV-31", "password: fedora", "password: '!'"),
          config("PROV-31", "chpasswd: {list: ['a:b']}", "chpasswd: {list: ['a:*']}"),
          config(
              "PROV-31",
              "chpasswd: {users: [{name: a, type: text, password: b}]}",
              "chpasswd: {users: [{name: a, type: hash, password: $6$salt$aaaaaaaaaaaaaaaa}]}"),
          config(
              "PROV-31",
              "users: [{name: a, plain_text_passwd: b}]",
              "users: [{name: a, lock_passwd: true}]"),
          config(
              "PROV-31",
              "users: [{name: a, lock_passwd: false}]",
              "users: [{name: a, lock_passwd: false, passwd: $6$salt$aaaaaaaaaaaaaaaa}]"),
          config(
              "PROV-31",
              "users: [{name: a, passwd: b}]",
              "users: [{name: a, passwd: $6$salt$aaaaaaaaaaaaaaaa}]"),
          config(
              "PROV-31",
              "a: &a {plain_text_passwd: b}\nusers: [{<<: *a, name: c}]",
              "a: &a {lock_passwd: true}\nusers: [{<<: *a, name: c}]"),
          new TextCase(
              "PROV-31",
              "## template: jinja\n#cloud-config\nhostname: {{ v1.name }}\nssh_pwauth: true\n",
              "## template: jinja\n#cloud-config\nhostname: {{ v1.name }}\nssh_pwauth: false\n"),
          new TextCase(
              "PROV-31",
              mime("text/cloud-config", "ssh_pwauth: true\n"),
              mime("text/cloud-config", "ssh_pwauth: false\n")),
          new TextCase(
              "PROV-31",
              mimeInBase64("#cloud-config\nssh_pwauth: true\n"),
              mimeInBase64("#cloud-config\nssh_pwauth: false\n")),
          new TextCase(
              "PROV-31",
              "#cloud-config-archive\n- type: text/cloud-config\n  content: 'ssh_pwauth: true'\n",
              "#cloud-config-archive\n- type: text/cloud-config\n  content: 'ssh_pwauth: false'\n"),
          new TextCase(
              "PROV-31",
              "#cloud-config-archive\n- |\n  #cloud-config\n  password: a\n",
              "#cloud-config-archive\n- |\n  #cloud-config\n  hostname: a\n"),
          new TextCase("PROV-31", "#Cloud-Config\nssh_pwauth: true\n", "#Cloud-Config\n{}\n"),
          new TextCase(
              "PROV-31",
              "#CLOUD-CONFIG-ARCHIVE\n- content: 'ssh_pwauth: true'\n",
              "#CLOUD-CONFIG-ARCHIVE\n- content: 'ssh_pwauth: false'\n"),
          new TextCase(
              "PROV-31",
              "#cloud-config-archive\n- \"MIME-Version: a\\nContent-Type: b\\nssh_pwauth: true\"\n",
              "#cloud-config-archive\n- \"MIME-Version: a\\nContent-Type: b\\nssh_pwauth: false\"\n"),
          new TextCase(
              "PROV-31",
              mime("text/cloud-config", "#cloud-config-archive\nssh_pwauth: true\n"),
              mime("text/cloud-config", "#cloud-config-archive\nssh_pwauth: false\n")),
          new TextCase(
              "PROV-31",
              mime("text/cloud-config", "Content-Type: a\nssh_pwauth: true\n"),
              mime("text/cloud-config", "Content-Type: a\nssh_pwauth: false\n")),
          new TextCase(
              "PROV-31",
              "#!/bin/sh: a\n" + mimeInBase64("#cloud-config\nssh_pwauth: true\n"),
              "#!/bin/sh: a\n" + mimeInBase64("#cloud-config\nssh_pwauth: false\n")),
          new TextCase(
              "PROV-31",
              "X-A: b\n" + mimeInBase64("#cloud-config\nssh_pwauth: true\n").replace("\n", "\r"),
              "X-A: b\n" + mimeInBase64("#cloud-config\nssh_pwauth: false\n").replace("\n", "\r")),
          new TextCase(
              "PROV-31",
              mime("message/rfc822", inBase64("#cloud-config\nssh_pwauth: true\n")),
              mime("message/rfc822", inBase64("#cloud-config\nssh_pwauth: false\n"))),
          new TextCase(
              "PROV-31",
              mime(
                  "text/plain",
                  "a\n--==edge==--b\n--==edge==\n\n#cloud-config\nssh_pwauth: true\n"),
              mime("text/plain", "a\n--==edge==--b\n--==edge==\n\n#cloud-config\n")),
          // The word alone makes no message.
          new TextCase(
              "PROV-31",
              "#cloud-config\nfinal_message: 'MIME-Version: 1.0'\nssh_pwauth: true\n",
              "#cloud-config\nfinal_message: 'MIME-Version: 1.0'\nssh_pwauth: false\n"),
          config(
              "PROV-31",
              "users: [{name: a, plain-text-passwd: b}]",
              "users: [{name: a, lock-passwd: true}]"),
          config("PROV-31", "users: [{name: a, lock-passwd: false}]", "users: [{name: a}]"),
          config(
              "PROV-31",
              "users: {a: {plain_text_passwd: b}}",
              "users: {a: {passwd: $6$salt$aaaaaaaaaaaaaaaa}}"),
          config("PROV-31", "user: {name: a, passwd: b}", "user: {name: a}"),
          config("PROV-32", "users: [{name: a, ssh-import-id: [gh:a]}]", "users: 'a, b'"),
          new TextCase(
              "PROV-31",
              "#cloud-config-jsonp\n[{op: add, path: /ssh_pwauth, value: true}]\n",
              "#cloud-config-jsonp\n[{op: add, path: /ssh_pwauth, value: false}]\n"),
          new TextCase(
              "PROV-31",
              "#cloud-config-jsonp\n[{op: add, path: /users/-, value: {plain_text_passwd: a}}]\n",
              "#cloud-config-jsonp\n[{op: add, path: /users/-, value: {name: a}}]\n"),
          new TextCase(
              "PROV-31",
              "#cloud-config-jsonp\n[{op: replace, path: '', value: {ssh_pwauth: true}}]\n",
              "#cloud-config-jsonp\n[{op: test, path: '', value: {ssh_pwauth: true}}]\n"),
          new TextCase(
              "PROV-31",
              "## template: jinja\n#cloud-config-jsonp\n[{op: add, path: /ssh_pwauth, value: 1}]\n",
              "## template: jinja\n#cloud-config-jsonp\n[{op: add, path: /ssh_pwauth, value: 0}]\n"),
          new TextCase(
              "PROV-32",
              "#!/bin/sh\ncurl -o - \\\n  https://a.b |\\\n  sh\n# sha256sum\n",
              "#!/bin/sh\ncurl -o - \\\n  https://a.b |\\\n  cat\n# sha256sum\n"),
          new TextCase(
              "DISK-20",
              "#!/bin/sh\ndocker pull a@sha256:00; docker pull b\n",
              "#!/bin/sh\ndocker pull a@sha256:00; docker pull b@sha256:00\n"),
          new TextCase(
              "NET-09",
              "#!/bin/sh\ntailscale up --ssh --auth-key=a\n",
              "#!/bin/sh\ntailscale up --ssh; echo --auth-key=a\n"),
          new TextCase(
              "PROV-32", "#include\nhttps://example.org/user-data\n", "#include\n# nothing\n"),
          new TextCase("PROV-32", "#include https://example.org/user-data\n", "#include\n"),
          new TextCase(
              "PROV-32",
              mime("text/x-include-url", "https://example.org/user-data\n"),
              mime("text/x-include-url", "# nothing\n")),
          config("PROV-32", "phone_home: {url: 'https://example.org'}", "phone_home: false"),
          config("PROV-32", "packages: [nginx]", "hostname: nginx"),
          config("PROV-32", "package_upgrade: true", "package_upgrade: false"),
          config("PROV-32", "apt: {sources: {a: {source: 'deb a'}}}", "locale: C"),
          config("PROV-32", "users: [{name: a, ssh_import_id: [gh:a]}]", "users: [{name: a}]"),
          config(
              "PROV-32",
              "write_files: [{path: /a, source: {uri: 'https://example.org'}}]",
              "write_files: [{path: /a, content: b}]"),
          config(
              "PROV-32",
              "final_message: 'see http://example.org'",
              "final_message: 'see https://example.org'"),
          config(
              "PROV-32",
              "runcmd: ['curl -fsS https://example.org/a | sudo bash']",
              "runcmd: ['echo a | sudo bash']"),
          config(
              "PROV-32",
              "runcmd: [[sh, -c, 'wget -qO- https://example.org/a | sh']]",
              "runcmd: [[sh, -c, 'echo a | sh']]"),
          config(
              "PROV-32",
              "runcmd: [[curl, -k, 'https://example.org/a']]",
              "runcmd: [[echo, -k, 'https://example.org/a']]"),
          new TextCase(
              "PROV-32",
              "#!/bin/sh\ncurl -o a https://example.org/a\n",
              "#!/bin/sh\ncurl -o a https://example.org/a\nsha256sum -c a.sum\n"),
          new TextCase(
              "PROV-32",
              "#!/bin/bash\nbash <(curl https://a.b)\n# sha256sum\n",
              "#!/bin/bash\nbash <(cat a)\n"),
          new TextCase(
              "PROV-32",
              "#cloud-boothook\ngit clone https://example.org/a\n",
              "#cloud-boothook\ngit status\n"),
          config(
              "PROV-33",
              "ssh_keys: {ed25519_private: a, ed25519_public: b}",
              "ssh_keys: {ed25519_public: b}"),
          config("NET-04", "rsyslog: {remotes: {a: '10.0.0.1'}}", "rsyslog: {}"),
          config("NET-04", "mounts: [['a:/b', /c, nfs]]", "mounts: [[/dev/vdb, /c, ext4]]"),
          new TextCase(
              "NET-04", "#!/bin/sh\nmount -t nfs a:/b /c\n", "#!/bin/sh\nmount -t ext4 /a /c\n"),
          config("NET-07", "ntp: {servers: [a]}", "ntp: false"),
          new TextCase("NET-07", "#!/bin/sh\nntpdate a.example\n", "#!/bin/sh\ndate\n"),
          new TextCase(
              "NET-09",
              "#!/bin/sh\nkubeadm join 10.0.0.1:6443 --token a\n",
              "#!/bin/sh\nkubeadm version\n"),
          config("NET-09", "bootcmd: ['K3S_TOKEN=a k3s agent']", "bootcmd: ['k3s agent']"),
          config(
              "DISK-20",
              "runcmd: [[docker, pull, nginx]]",
              "runcmd: [[docker, pull, 'nginx@sha256:" + "0".repeat(64) + "']]"),
          new TextCase("ORCH-01", "#!/bin/sh\ncat > a <<X\n" + PEM + "X\n", "#!/bin/sh\ncat > a\n"),
          config(
              "ORCH-01",
              "write_files: [{path: /a, content: 'ghp_" + "a".repeat(36) + "'}]",
              "write_files: [{path: /a, content: 'ghp_'}]"),
          config(
              "ORCH-01",
              "write_files: [{path: /a, encoding: b64, content: " + base64(PEM) + "}]",
              "write_files: [{path: /a, encoding: b64, content: " + base64("PEM") + "}]"),
          config(
              "ORCH-01",
              "write_files:\n- path: /a\n  content: !!binary " + base64(PEM),
              "write_files:\n- path: /a\n  content: !!binary " + base64("PEM")),
          config("ORCH-01", "a: 'https://me:secret@example.org'", "a: 'https://example.org'"),
          config("ORCH-01", "a: \"\\x41KIA" + "A".repeat(16) + "\"", "a: \"\\x41KIA\""),
          config("ORCH-01", "a: AKIA" + "A".repeat(16), "a: AKIA"),
          config(
              "ORCH-01",
              "a: PrivateKey = " + "A".repeat(43) + "=",
              "a: PublicKey = " + "A".repeat(43) + "="));

  private UserDataCases() {}

  static Set<String> covered() {
    return ALL.stream().map(TextCase::id).collect(Collectors.toCollection(TreeSet::new));
  }

  private static TextCase config(String id, String tripping, String passing) {
    return new TextCase(
        id, "#cloud-config\n" + tripping + "\n", "#cloud-config\n" + passing + "\n");
  }

  static String mime(String type, String content) {
    return """
    Content-Type: multipart/mixed;
     boundary="==edge=="
    MIME-Version: 1.0

    --==edge==
    Content-Type: %s; charset="utf-8"
    MIME-Version: 1.0

    %s
    --==edge==--
    """
        .formatted(type, content);
  }

  private static String inBase64(String content) {
    return "Content-Transfer-Encoding: base64\nContent-Type: text/plain\n\n" + base64(content);
  }

  private static String mimeInBase64(String content) {
    return """
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary=edge

    --edge
    Content-Transfer-Encoding: base64
    Content-Type: text/plain

    %s
    --edge--
    """
        .formatted(base64(content));
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
