package dev.remit.adapter.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.libvirt.jna.virTypedParameter;

final class TypedParametersTest {
  @Test
  void hasTheLayoutThatLibvirtJavaHas() {
    var layout = new virTypedParameter();

    assertThat(TypedParameters.SIZE).isEqualTo(layout.size());
  }

  @Test
  void readsEachKindOfNumber() throws Exception {
    var array = new Memory(4L * TypedParameters.SIZE);
    array.clear();
    put(array, 0, "int", TypedParameters.INT).setInt(TypedParameters.VALUE_OFFSET, -1);
    put(array, 1, "uint", TypedParameters.UINT).setInt(TypedParameters.VALUE_OFFSET, -1);
    put(array, 2, "llong", TypedParameters.LLONG).setLong(TypedParameters.VALUE_OFFSET, -2);
    put(array, 3, "ullong", TypedParameters.ULLONG)
        .setLong(TypedParameters.VALUE_OFFSET, Long.MAX_VALUE);

    var read = TypedParameters.read(array, 4);

    assertThat(read.number("int")).isEqualTo(-1);
    assertThat(read.number("uint")).isEqualTo(0xffff_ffffL);
    assertThat(read.number("llong")).isEqualTo(-2);
    assertThat(read.number("ullong")).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void readsWhatItWrote() throws Exception {
    var texts = new LinkedHashMap<String, String>();
    texts.put("sev-secret-header", "aGVhZGVy");
    texts.put("sev-secret", "größe");
    texts.put("", "");

    var read = TypedParameters.read(TypedParameters.toNative(texts), 3);

    assertThat(read.values()).isEqualTo(texts);
  }

  @Test
  void readsANameThatFillsItsFieldAndNothingAfterIt() throws Exception {
    var array = new Memory(TypedParameters.SIZE);
    array.clear();
    put(array, 0, "n".repeat(TypedParameters.FIELD_SIZE), TypedParameters.UINT)
        .setInt(TypedParameters.VALUE_OFFSET, 7);

    var read = TypedParameters.read(array, 1);

    assertThat(read.number("n".repeat(TypedParameters.FIELD_SIZE))).isEqualTo(7);
  }

  @Test
  void leavesOutOtherKindsOfValue() throws Exception {
    var array = new Memory(TypedParameters.SIZE);
    array.clear();
    put(array, 0, "double", 5);

    assertThat(TypedParameters.read(array, 1).isEmpty()).isTrue();
  }

  @Test
  void refusesACountThatNoLibvirtGives() {
    var array = new Memory(TypedParameters.SIZE);

    assertThatThrownBy(() -> TypedParameters.read(array, TypedParameters.MOST + 1))
        .isInstanceOf(LibvirtError.class);
    assertThatThrownBy(() -> TypedParameters.read(array, -1)).isInstanceOf(LibvirtError.class);
  }

  @Test
  void tellsAMissingValueFromOneOfAnotherKind() throws Exception {
    var texts = new LinkedHashMap<String, String>();
    texts.put("pdh", "AAAA");
    var read = TypedParameters.read(TypedParameters.toNative(texts), 1);

    assertThat(read.text("pdh")).isEqualTo("AAAA");
    assertThatThrownBy(() -> read.number("pdh")).isInstanceOf(LibvirtError.class);
    assertThatThrownBy(() -> read.text("cert-chain")).isInstanceOf(LibvirtError.class);
    assertThat(read.optionalText("cpu0-id")).isEmpty();
  }

  @Test
  void refusesANameThatDoesNotFit() {
    var texts = new LinkedHashMap<String, String>();
    texts.put("n".repeat(TypedParameters.FIELD_SIZE), "");

    assertThatThrownBy(() -> TypedParameters.toNative(texts))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void freesWhatLibvirtMade() throws Exception {
    var texts = new LinkedHashMap<String, String>();
    texts.put("pdh", "AAAA");
    Pointer array = TypedParameters.toNative(texts);
    var libvirt =
        new FakeLibvirt()
            .with(
                "virTypedParamsFree",
                arguments -> {
                  assertThat(arguments).containsExactly(array, 1);
                  return null;
                });

    var read =
        TypedParameters.from(libvirt.library(), (values, count) -> fill(values, count, array));

    assertThat(read.text("pdh")).isEqualTo("AAAA");
    assertThat(libvirt.calls()).containsExactly("virTypedParamsFree");
  }

  @Test
  void isEmptyWhereLibvirtSucceedsAndGivesNothing() throws Exception {
    var libvirt = new FakeLibvirt();

    assertThat(TypedParameters.from(libvirt.library(), (values, count) -> 0).isEmpty()).isTrue();
  }

  @Test
  void carriesTheErrorOfACall() {
    var libvirt = new FakeLibvirt().withError(85, "QEMU does not support SEV guest");

    assertThatThrownBy(() -> TypedParameters.from(libvirt.library(), (values, count) -> -1))
        .isInstanceOfSatisfying(
            LibvirtError.class,
            error -> {
              assertThat(error.number()).isEqualTo(85);
              assertThat(error.text().raw()).isEqualTo("QEMU does not support SEV guest");
            });
  }

  private static int fill(PointerByReference values, IntByReference count, Pointer array) {
    values.setValue(array);
    count.setValue(1);
    return 0;
  }

  private static Pointer put(Memory array, int index, String name, int type) {
    byte[] field = name.getBytes(StandardCharsets.UTF_8);
    long start = (long) index * TypedParameters.SIZE;
    array.write(start, field, 0, field.length);
    array.setInt(start + TypedParameters.TYPE_OFFSET, type);
    return Objects.requireNonNull(array.share(start, TypedParameters.SIZE));
  }
}
