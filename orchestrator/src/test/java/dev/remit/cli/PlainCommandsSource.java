package dev.remit.cli;

import dev.remit.measurement.VmsaFlavour;
import dev.remit.platform.ApiVersion;
import dev.remit.platform.CpuModel;
import dev.remit.platform.Protection;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes what the annotations of commands say as code, which needs no reflection when it runs. */
final class PlainCommandsSource {
  private static final Map<Class<?>, String> CONVERSIONS =
      Map.of(
          boolean.class, "true",
          String.class, "value",
          int.class, "Integer.parseInt(value)",
          Path.class, "Path.of(value)",
          Duration.class, "Converters.duration(value)",
          Protection.class, "Converters.protection(value)",
          VmsaFlavour.class, "Converters.vmsa(value)",
          CpuModel.class, "Converters.cpuModel(value)",
          ApiVersion.class, "Converters.apiVersion(value)",
          GivenPolicy.class, "GivenPolicy.read(value)");

  /**
   * Members of annotations that do not change how a command line is read, or are looked at here.
   */
  private static final Set<String> UNDERSTOOD =
      Set.of(
          "names",
          "index",
          "required",
          "exclusive",
          "multiplicity",
          "paramLabel",
          "description",
          "defaultValue",
          "showDefaultValue");

  private final StringBuilder groupMakers = new StringBuilder();
  private final Class<?> type;

  private PlainCommandsSource(Class<?> type) {
    this.type = type;
  }

  /** An option, or an argument under its number. */
  private record Leaf(List<String> names, boolean required, boolean flag, String assignment) {
    String name() {
      return names.getLast();
    }
  }

  private record Group(boolean exclusive, boolean required, List<Leaf> leaves, List<Group> groups) {
    Stream<Leaf> all() {
      return Stream.concat(leaves.stream(), groups.stream().flatMap(Group::all));
    }
  }

  static String of(List<Class<? extends RemitCommand>> commands)
      throws ReflectiveOperationException {
    var sources = new ArrayList<String>();
    for (var command : commands) {
      sources.add(new PlainCommandsSource(command).source());
    }
    return """
    package dev.remit.cli;

    import java.nio.file.Path;
    import java.util.Optional;
    import java.util.Set;

    /**
     * The arguments of the commands that start most often, as their annotations have them. Written by a
     * test of the same name, which fails where the annotations say something else.
     */
    final class PlainCommands {
      private PlainCommands() {}

      static Optional<PlainCommand> named(String name) {
        return switch (name) {
          %s
          default -> Optional.empty();
        };
      }

      %s
    }
    """
        .formatted(
            joined(
                commands,
                command ->
                    "case %s -> Optional.of(new %s());"
                        .formatted(
                            quoted(command.getAnnotation(Command.class).name()), name(command))),
            String.join("\n", sources));
  }

  private String source() throws ReflectiveOperationException {
    var root = walk(type, "command", false);
    return """
    private static final class %s extends PlainCommand {
      private final %s command = new %2$s();

      @Override
      RemitCommand command() {
        return command;
      }

      @Override
      Optional<String> known(String written) {
        return switch (written) {
          %s
          default -> Optional.empty();
        };
      }

      @Override
      boolean isFlag(String name) {
        return Set.of(%s).contains(name);
      }

      @Override
      void set(String name, String value) {
        switch (name) {
          %s
          default -> throw new IllegalStateException("no argument has this name: " + name);
        }
      }

      @Override
      boolean isWhole(Set<String> given) {
        return given.containsAll(%s)%s;
      }
      %s
    }
    """
        .formatted(
            name(type),
            type.getSimpleName(),
            joined(
                root.all().toList(),
                leaf ->
                    "case %s -> Optional.of(%s);"
                        .formatted(quoted(leaf.names()), quoted(leaf.name()))),
            quoted(root.all().filter(Leaf::flag).map(Leaf::name).toList()),
            joined(
                root.all().toList(),
                leaf -> "case %s -> %s;".formatted(quoted(leaf.name()), leaf.assignment())),
            set(root.leaves(), Leaf::required),
            root.groups().stream()
                .map(group -> " && " + whole(group))
                .collect(Collectors.joining()),
            groupMakers);
  }

  private static String whole(Group group) {
    return fits(group)
        + (group.required() ? " && any(given, %s)".formatted(quoted(names(group))) : "");
  }

  /** What must hold of the members of a group. */
  private static String fits(Group group) {
    var conditions = new ArrayList<String>();
    if (group.exclusive()) {
      var members = new ArrayList<String>();
      group.leaves().forEach(leaf -> members.add("any(given, " + quoted(leaf.name()) + ")"));
      group.groups().forEach(inner -> members.add("any(given, " + quoted(names(inner)) + ")"));
      conditions.add("atMostOne(" + String.join(", ", members) + ")");
    } else {
      conditions.add(
          "noneOrAll(given, Set.of(%s), %s)"
              .formatted(quoted(names(group)), set(group.leaves(), Leaf::required)));
    }
    for (var inner : group.groups()) {
      conditions.add(fits(inner));
      if (inner.required()) {
        conditions.add(
            "(!any(given, %s) || any(given, %s))"
                .formatted(quoted(names(group)), quoted(names(inner))));
      }
    }
    return String.join(" && ", conditions);
  }

  private Group walk(Class<?> holder, String owner, boolean exclusive)
      throws ReflectiveOperationException {
    var leaves = new ArrayList<Leaf>();
    var groups = new ArrayList<Group>();
    for (var at = holder; at != Object.class; at = at.getSuperclass()) {
      for (var field : at.getDeclaredFields()) {
        String path = owner + "." + field.getName();
        option(field, path).ifPresent(leaves::add);
        if (field.isAnnotationPresent(Mixin.class)) {
          var mixin = walk(field.getType(), path, false);
          leaves.addAll(mixin.leaves());
          groups.addAll(mixin.groups());
        }
        var group = field.getAnnotation(ArgGroup.class);
        if (group != null) {
          requireUnderstood(group, field);
          if (!List.of("0..1", "1").contains(group.multiplicity())) {
            throw new AssertionError("only the parser repeats a group: " + field);
          }
          var members = walk(field.getType(), maker(field, owner), group.exclusive());
          groups.add(
              new Group(
                  group.exclusive(),
                  group.multiplicity().equals("1"),
                  members.leaves(),
                  members.groups()));
        }
      }
    }
    return new Group(exclusive, false, leaves, groups);
  }

  private Optional<Leaf> option(Field field, String path) throws ReflectiveOperationException {
    var option = field.getAnnotation(Option.class);
    var argument = field.getAnnotation(Parameters.class);
    // Help is the parser's.
    if ((option == null && argument == null) || (option != null && option.usageHelp())) {
      return Optional.empty();
    }
    requireUnderstood(option == null ? argument : option, field);
    String conversion = CONVERSIONS.get(field.getType());
    if (conversion == null && field.getType().isEnum()) {
      conversion = sourceName(field.getType()) + ".valueOf(value)";
    }
    if (conversion == null) {
      throw new AssertionError("no conversion for " + field);
    }
    return Optional.of(
        new Leaf(
            option == null ? List.of(argument.index()) : List.of(option.names()),
            option == null || option.required(),
            field.getType() == boolean.class,
            path + " = " + conversion));
  }

  private static void requireUnderstood(Annotation annotation, Field field)
      throws ReflectiveOperationException {
    for (var member : annotation.annotationType().getDeclaredMethods()) {
      boolean said = !same(member.invoke(annotation), member.getDefaultValue());
      if (said && !UNDERSTOOD.contains(member.getName())) {
        throw new AssertionError("only the parser understands " + member + " of " + field);
      }
    }
  }

  private static boolean same(Object said, Object byDefault) {
    return Arrays.deepEquals(new Object[] {said}, new Object[] {byDefault});
  }

  /** A method that makes the object of a group where it is not there yet; its call. */
  private String maker(Field field, String owner) {
    groupMakers.append(
        """

        private %1$s %2$s() {
          var owner = %3$s;
          var group = owner.%2$s == null ? new %1$s() : owner.%2$s;
          owner.%2$s = group;
          return group;
        }
        """
            .formatted(sourceName(field.getType()), field.getName(), owner));
    return field.getName() + "()";
  }

  private static String name(Class<?> command) {
    return command.getSimpleName().replace("Command", "");
  }

  private static String sourceName(Class<?> type) {
    return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
  }

  private static List<String> names(Group group) {
    return group.all().map(Leaf::name).toList();
  }

  private static String set(List<Leaf> leaves, Predicate<Leaf> which) {
    return "Set.of(" + quoted(leaves.stream().filter(which).map(Leaf::name).toList()) + ")";
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static String quoted(List<String> texts) {
    return texts.stream().map(PlainCommandsSource::quoted).collect(Collectors.joining(", "));
  }

  private static <T> String joined(List<T> items, Function<T, String> line) {
    return items.stream().map(line).collect(Collectors.joining("\n"));
  }
}
