package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class PlainCommandsTest {
  private static final String MAC =
      " --tik t --api 1.55 --build 40 --policy 0x1 --nonce AAAAAAAAAAAAAAAAAAAAAA==";

  @Test
  void isWhatTheAnnotationsSay() throws IOException, ReflectiveOperationException {
    var file = Path.of("src/main/java/dev/remit/cli/PlainCommands.java");
    String right =
        PlainCommandsSource.of(
            List.of(LaunchCommand.class, MeasureCommand.class, ValidateCommand.class));
    var proposed = Files.writeString(Path.of("target", "PlainCommands.java"), right);
    assertThat(withoutLayout(Files.readString(file)))
        .as("copy " + proposed + " to " + file + ", and format it")
        .isEqualTo(withoutLayout(right));
  }

  private static String withoutLayout(String source) {
    return source.replaceAll("[\\s*]+", "");
  }

  @Test
  void helpIsPreparedAsTheParserPrintsIt() throws IOException {
    String right = Program.commandLine(program()).getUsageMessage(CommandLine.Help.Ansi.OFF);
    var proposed = Files.writeString(Path.of("target", "HelpText.txt"), right);
    assertThat(HelpText.PREPARED)
        .as("copy " + proposed + " into the text of HelpText.java")
        .isEqualTo(right);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "validate web.yaml",
        "validate --document-only web.yaml -o json",
        "validate web.yaml --output text -q -v",
        "measure --tee sev --firmware f",
        "measure --firmware f --tee sev-es --cpu EPYC-Milan --vcpus 4 --vmsa legacy",
        "measure --tee sev-es --firmware f --cpu-family 25 --cpu-model 1 --cpu-stepping 1",
        "measure --tee sev --firmware f --kernel k --initrd i --cmdline console=ttyS0",
        "measure --tee sev --firmware f --vcpus +5" + MAC,
        "launch web.yaml",
        "launch web.yaml --host lab.yaml --timeout 500ms",
        "launch --plan web.plan -c qemu:///system --dry-run -q",
      })
  void readsWhatTheParserReads(String line) throws ReflectiveOperationException {
    String[] words = line.split(" ");
    var plain = PlainCommand.read(program(), words);
    assertThat(plain).isPresent();
    assertThat(values(plain.get())).isEqualTo(values(parsed(words)));
  }

  /** Right ones too: the parser understands more forms. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "validate",
        "validate a b",
        "validate @arguments",
        "validate --help",
        "validate --unknown web.yaml",
        "validate -o xml web.yaml",
        "validate -o",
        "validate -qv web.yaml",
        "validate -q -q web.yaml",
        "validate --output=json web.yaml",
        "validate --quiet=true web.yaml",
        "validate --state s web.yaml",
        "validate -- web.yaml",
        "measure --tee",
        "measure --tee snp --firmware f",
        "measure --tee sev --firmware --vcpus",
        "measure --tee sev --firmware f --vcpus four",
        "measure --tee sev --firmware f --initrd i",
        "measure --tee sev --firmware f --api 1.55 --build 40 --tik t",
        "measure --tee sev --firmware f --api 1.55 --build 40 --nonce n",
        "measure --tee sev --firmware f --api 1.55 --build 40 --nonce n --tik t --tk k",
        "measure --tee sev --firmware f --cpu EPYC --cpu-family 25 --cpu-model 1 --cpu-stepping 1",
        "measure --tee sev --firmware f --cpu-family 25",
        "measure --tee sev --firmware f --tik t",
        "measure --tee sev --firmware 'f'",
        "launch",
        "launch web.yaml --plan web.plan",
        "launch web.yaml --host lab.yaml --connect qemu:///system",
        "launch web.yaml --timeout 30",
        "launch web.yaml --timeout 25h",
        "launch web.yaml --offline",
        "plan web.yaml",
        "validat web.yaml",
      })
  void leavesWhatIsNotPlainToTheParser(String line) {
    assertThat(PlainCommand.read(program(), line.split(" "))).isEmpty();
  }

  @Test
  void leavesNoArgumentsAtAllToTheParser() {
    assertThat(PlainCommand.read(program())).isEmpty();
    assertThat(PlainCommand.read(program(), "validate", "")).isEmpty();
  }

  private static Program program() {
    var nowhere = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return new Program(new Terminal(nowhere, nowhere));
  }

  private static RemitCommand parsed(String... words) {
    var line = Program.commandLine(program());
    var parsed = line.parseArgs(words);
    return (RemitCommand) parsed.subcommand().commandSpec().userObject();
  }

  /** The values of all options and arguments, by the way to their field. */
  private static Map<String, Optional<Object>> values(Object holder)
      throws ReflectiveOperationException {
    var values = new TreeMap<String, Optional<Object>>();
    for (Class<?> at = holder.getClass(); at != Object.class; at = at.getSuperclass()) {
      for (var field : at.getDeclaredFields()) {
        if (has(field, CommandLine.Option.class) || has(field, CommandLine.Parameters.class)) {
          values.put(field.getName(), Optional.ofNullable(value(field, holder)));
        } else if (has(field, CommandLine.Mixin.class) || has(field, CommandLine.ArgGroup.class)) {
          var inner = value(field, holder);
          Stream.ofNullable(inner == null ? null : values(inner))
              .flatMap(map -> map.entrySet().stream())
              .forEach(
                  entry -> values.put(field.getName() + "." + entry.getKey(), entry.getValue()));
        }
      }
    }
    return values;
  }

  private static boolean has(Field field, Class<? extends Annotation> kind) {
    return field.isAnnotationPresent(kind);
  }

  private static @Nullable Object value(Field field, Object holder) throws IllegalAccessException {
    field.setAccessible(true);
    return field.get(holder);
  }
}
