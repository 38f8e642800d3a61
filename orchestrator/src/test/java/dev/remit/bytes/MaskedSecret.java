package dev.remit.bytes;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A secret that a test knows without having it in memory: each octet is hidden by one of a random
 * pad, which lies elsewhere.
 */
public final class MaskedSecret {
  /** So few octets of a key are taken for a copy of it. */
  private static final int WINDOW = 8;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String name;
  private final byte[] masked;
  private final byte[] pad;

  private MaskedSecret(String name, byte[] masked, byte[] pad) {
    this.name = name;
    this.masked = masked;
    this.pad = pad;
  }

  /** Takes the content over: the given array is wiped. */
  public static MaskedSecret takeFrom(String name, byte[] plain) {
    byte[] pad = random(plain.length);
    byte[] masked = new byte[plain.length];
    for (int i = 0; i < plain.length; i++) {
      masked[i] = (byte) (plain[i] ^ pad[i]);
    }
    Arrays.fill(plain, (byte) 0);
    return new MaskedSecret(name, masked, pad);
  }

  /** One that nobody has ever seen unmasked. */
  public static MaskedSecret random(String name, int size) {
    return new MaskedSecret(name, random(size), random(size));
  }

  private static byte[] random(int size) {
    byte[] octets = new byte[size];
    RANDOM.nextBytes(octets);
    return octets;
  }

  public String name() {
    return name;
  }

  /** The secret itself, off the heap; the caller closes it. */
  public SecretBytes reveal() {
    var secret = SecretBytes.allocate(masked.length);
    var fill = secret.fill();
    for (int i = 0; i < masked.length; i++) {
      fill.put((byte) octet(i));
    }
    return secret;
  }

  public int octet(int index) {
    return (masked[index] ^ pad[index]) & 0xff;
  }

  /** What a copy of its beginning or of its end looks like, in every form that a key takes. */
  List<Form> forms() {
    var forms = new ArrayList<Form>();
    for (int from : new int[] {0, masked.length - WINDOW}) {
      IntUnaryOperator raw = i -> octet(from + i);
      IntUnaryOperator words = i -> octet(from + i / 4 * 4 + 3 - i % 4);
      add(forms, "raw", WINDOW, raw);
      add(forms, "reversed", WINDOW, i -> octet(from + WINDOW - 1 - i));
      add(forms, "words", WINDOW, words); // as numbers of 32 bits of the other byte order
      add(forms, "inner key", WINDOW, i -> raw.applyAsInt(i) ^ 0x36); // of an HMAC
      add(forms, "outer key", WINDOW, i -> raw.applyAsInt(i) ^ 0x5c);
      add(forms, "inner words", WINDOW, i -> words.applyAsInt(i) ^ 0x36);
      add(forms, "outer words", WINDOW, i -> words.applyAsInt(i) ^ 0x5c);
      add(forms, "raw in UTF-16", 2 * WINDOW, i -> i % 2 == 0 ? octet(from + i / 2) : 0);
      addText(forms, "hex", 2 * WINDOW, i -> digit("0123456789abcdef", from + i / 2, i % 2));
      addText(forms, "HEX", 2 * WINDOW, i -> digit("0123456789ABCDEF", from + i / 2, i % 2));
    }
    String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    addText(forms, "base64", WINDOW * 8 / 6, i -> (letters + "+/").charAt(sixBits(i)));
    addText(forms, "base64url", WINDOW * 8 / 6, i -> (letters + "-_").charAt(sixBits(i)));
    return forms;
  }

  private int digit(String digits, int index, int half) {
    return digits.charAt(octet(index) >>> (half == 0 ? 4 : 0) & 0xf);
  }

  private int sixBits(int index) {
    int bit = 6 * index;
    int both = octet(bit / 8) << 8 | octet(bit / 8 + 1);
    return both >>> (10 - bit % 8) & 0x3f;
  }

  private void addText(List<Form> forms, String form, int length, IntUnaryOperator character) {
    add(forms, form, length, character);
    add(forms, form + " in UTF-16", 2 * length, i -> i % 2 == 0 ? character.applyAsInt(i / 2) : 0);
  }

  private void add(List<Form> forms, String form, int length, IntUnaryOperator octet) {
    byte[] otherPad = random(length);
    byte[] hidden = new byte[length];
    for (int i = 0; i < length; i++) {
      hidden[i] = (byte) (octet.applyAsInt(i) ^ otherPad[i]);
    }
    forms.add(new Form(name, form, Bytes.copyOf(hidden), Bytes.copyOf(otherPad)));
  }

  /** Octets to look for, masked as the secret is. */
  record Form(String secret, String form, Bytes masked, Bytes pad) {
    int octet(int index) {
      return masked.at(index) ^ pad.at(index);
    }
  }

  /** Masked and pad, for another process to read: one line. */
  public String toText() {
    return name + ' ' + Bytes.copyOf(masked).hex() + ' ' + Bytes.copyOf(pad).hex();
  }

  /** What {@link #toText} gave. */
  public static MaskedSecret ofText(String line) {
    String[] fields = line.split(" ", -1);
    return new MaskedSecret(
        fields[0], Bytes.ofHex(fields[1]).toArray(), Bytes.ofHex(fields[2]).toArray());
  }

  /** As a text holds it: for controls, which plant it. */
  public String hex() {
    var text = new StringBuilder();
    for (int i = 0; i < masked.length; i++) {
      text.append((char) digit("0123456789abcdef", i, 0))
          .append((char) digit("0123456789abcdef", i, 1));
    }
    return text.toString();
  }

  /** As {@link #hex}, in base64. */
  public String base64() {
    byte[] plain = new byte[masked.length];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = (byte) octet(i);
    }
    return new String(Base64.getEncoder().encode(plain), StandardCharsets.US_ASCII);
  }
}
