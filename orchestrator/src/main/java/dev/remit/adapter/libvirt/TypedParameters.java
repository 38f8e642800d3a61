package dev.remit.adapter.libvirt;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * An array of {@code virTypedParameter} as values of Java: numbers as Long, texts as String
 * (libvirt, libvirt-common.h). The values are a host's.
 */
record TypedParameters(Map<String, Object> values) {
  // struct { char field[80]; int type; union value; }, where the union is aligned as a pointer.
  static final int FIELD_SIZE = 80;
  static final int TYPE_OFFSET = 80;
  static final int VALUE_OFFSET = 88;
  static final int SIZE = 96;

  static final int INT = 1;
  static final int UINT = 2;
  static final int LLONG = 3;
  static final int ULLONG = 4;
  static final int STRING = 7;

  /** More than any libvirt answers. */
  static final int MOST = 64;

  TypedParameters {
    values = Map.copyOf(values);
  }

  /** A call that makes an array and leaves it to us. */
  @FunctionalInterface
  interface Filling {
    int call(PointerByReference values, IntByReference count);
  }

  /** Makes a call and frees what it made. */
  static TypedParameters from(NativeLibvirt libvirt, Filling call) throws LibvirtError {
    var array = new PointerByReference();
    var count = new IntByReference();
    LibvirtError.check(libvirt, call.call(array, count));
    if (array.getValue() == null) {
      return new TypedParameters(Map.of());
    }
    try {
      return read(array.getValue(), count.getValue());
    } finally {
      libvirt.virTypedParamsFree(array.getValue(), count.getValue());
    }
  }

  /** Kinds of value that we never ask for are left out. */
  static TypedParameters read(Pointer array, int count) throws LibvirtError {
    if (count < 0 || count > MOST) {
      throw new LibvirtError(0, "an answer of " + count + " values");
    }
    var values = new LinkedHashMap<String, Object>();
    for (int i = 0; i < count; i++) {
      Pointer parameter = array.share((long) i * SIZE, SIZE);
      String name = name(parameter);
      switch (parameter.getInt(TYPE_OFFSET)) {
        case INT -> values.put(name, (long) parameter.getInt(VALUE_OFFSET));
        case UINT -> values.put(name, Integer.toUnsignedLong(parameter.getInt(VALUE_OFFSET)));
        case LLONG, ULLONG -> values.put(name, parameter.getLong(VALUE_OFFSET));
        case STRING -> values.put(name, parameter.getPointer(VALUE_OFFSET).getString(0, "UTF-8"));
        default -> {}
      }
    }
    return new TypedParameters(values);
  }

  /** An array of texts for libvirt to read. */
  static Pointer toNative(SequencedMap<String, String> texts) {
    var array = new ArrayWithTexts((long) SIZE * texts.size(), texts.size());
    array.clear();
    int i = 0;
    for (var text : texts.entrySet()) {
      byte[] name = text.getKey().getBytes(StandardCharsets.UTF_8);
      if (name.length >= FIELD_SIZE) {
        throw new IllegalArgumentException("a parameter's name has at most 79 bytes");
      }
      array.write((long) i * SIZE, name, 0, name.length);
      array.setInt((long) i * SIZE + TYPE_OFFSET, STRING);
      array.texts[i] = zeroTerminated(text.getValue());
      array.setPointer((long) i * SIZE + VALUE_OFFSET, array.texts[i]);
      i++;
    }
    return array;
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  Optional<String> optionalText(String name) {
    return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  String text(String name) throws LibvirtError {
    return optionalText(name).orElseThrow(() -> missing(name));
  }

  /** Unsigned values of 64 bits over 2⁶³−1 come out negative. */
  long number(String name) throws LibvirtError {
    if (values.get(name) instanceof Long number) {
      return number;
    }
    throw missing(name);
  }

  private static LibvirtError missing(String name) {
    return new LibvirtError(0, "there is no " + name + " in the answer");
  }

  private static String name(Pointer parameter) {
    byte[] field = parameter.getByteArray(0, FIELD_SIZE);
    int length = 0;
    while (length < FIELD_SIZE && field[length] != 0) {
      length++;
    }
    return new String(field, 0, length, StandardCharsets.UTF_8);
  }

  private static Memory zeroTerminated(String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    var memory = new Memory(octets.length + 1L);
    memory.clear();
    memory.write(0, octets, 0, octets.length);
    return memory;
  }

  /** Keeps the texts to which it points as long as itself. */
  private static final class ArrayWithTexts extends Memory {
    private final Memory[] texts;

    ArrayWithTexts(long size, int texts) {
      super(size);
      this.texts = new Memory[texts];
    }
  }
}
