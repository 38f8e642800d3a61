package dev.remit.adapter.host;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.endorsement.CekAnswer;
import dev.remit.endorsement.CekEndorsement;
import dev.remit.endorsement.EndorsementSource;
import dev.remit.endorsement.Voucher;
import dev.remit.platform.ChipId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Signed CEKs that were fetched or imported, one file for a chip, with the word that each stands
 * on. What is kept of a chip never changes. Nothing is believed for lying here: whoever asks proves
 * it again.
 */
public final class EndorsementFolder implements EndorsementSource {
  private static final String SCHEMA = "remit.endorsement/1";

  private static final String LOCK = "keeping.lock";

  /** Bytes; an entry takes about 3,000 and the name of a file or server. */
  private static final int LARGEST = 16 << 10;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path folder;
  private final HostFiles files = new HostFiles();
  private final Consumer<String> told;

  /**
   * @param folder made when something is kept
   * @param told takes what is wrong with an entry that is asked for
   */
  public EndorsementFolder(Path folder, Consumer<String> told) {
    this.folder = folder;
    this.told = told;
  }

  @Override
  public CekAnswer signedCek(ChipId chip) {
    Path file = file(chip);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return new CekAnswer.NotHad("it is not kept here", "import it");
    }
    try {
      return new CekAnswer.Had(read(file, chip));
    } catch (MalformedException broken) {
      return unusable(file, String.valueOf(broken.getMessage()));
    } catch (Failure failure) {
      return unusable(file, failure.diagnostic().why());
    } catch (IOException cause) {
      return unusable(file, HostFiles.reason(cause));
    }
  }

  private CekAnswer unusable(Path file, String why) {
    String reason = "what is kept in %s is not used: %s".formatted(file, why);
    told.accept(reason);
    return new CekAnswer.NotHad(reason, "remove the file");
  }

  private CekEndorsement read(Path file, ChipId chip)
      throws MalformedException, Failure, IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new MalformedException(0, "it is not a regular file");
    }
    // Whoever can write here could say which chip a key belongs to.
    if (!AtomicFile.isPrivate(file)) {
      throw new MalformedException(0, "others than its owner may read or write it");
    }
    if (AtomicFile.isOfAnotherUser(file)) {
      throw new MalformedException(0, "another user owns it");
    }
    var found = parse(files.read(file, LARGEST));
    if (!found.chip().equals(chip)) {
      throw new MalformedException(0, "it is of another chip than its name says");
    }
    return found;
  }

  /**
   * Keeps all of them or none. Proving them first is for the caller. Nobody else keeps any
   * meanwhile, who could put another CEK in the place that was free.
   *
   * @return those that were not here before
   */
  public List<CekEndorsement> keep(List<CekEndorsement> endorsements) throws Failure {
    var lock = lock();
    try {
      return add(endorsements);
    } finally {
      lock.close();
    }
  }

  private LockFile lock() throws Failure {
    try {
      AtomicFile.makePrivateFolder(folder);
      return LockFile.lockSoon(folder, LOCK)
          .orElseThrow(() ->
              new Failure(
                  Diagnostic.of(
                      Code.CANNOT_WRITE,
                      "cannot write " + folder,
                      "another process keeps endorsements there just now",
                      "try again when it has done so")));
    } catch (IOException cause) {
      throw AtomicFile.cannotWrite(folder, cause);
    }
  }

  private List<CekEndorsement> add(List<CekEndorsement> endorsements) throws Failure {
    var added = additions(endorsements);
    var written = new ArrayList<Path>();
    try {
      for (var endorsement : added) {
        AtomicFile.write(file(endorsement.chip()), content(endorsement));
        written.add(file(endorsement.chip()));
      }
    } catch (Failure failure) {
      for (Path file : written) {
        try {
          Files.deleteIfExists(file);
        } catch (IOException second) {
          failure.addSuppressed(AtomicFile.cannotWrite(file, second));
        }
      }
      throw failure;
    }
    return added;
  }

  /**
   * Which of these are not kept yet. Fails where another CEK is kept for one of their chips; an
   * entry that cannot be used is as none.
   */
  public List<CekEndorsement> additions(List<CekEndorsement> endorsements) throws Failure {
    var added = new ArrayList<CekEndorsement>();
    for (var endorsement : endorsements) {
      var kept = kept(endorsement.chip());
      if (kept.isEmpty()) {
        added.add(endorsement);
      } else if (!kept.get().cek().equals(endorsement.cek())) {
        throw new Failure(
            Diagnostic.of(
                Code.CEK_DIFFERS,
                "another CEK is kept for chip " + endorsement.chip(),
                "a chip has one CEK for life, and the kept one is by the word of "
                    + kept.get().voucher(),
                "find out which of the two is the chip's; if the kept one is wrong, remove "
                    + file(endorsement.chip())));
      }
    }
    return List.copyOf(added);
  }

  private Optional<CekEndorsement> kept(ChipId chip) {
    return switch (signedCek(chip)) {
      case CekAnswer.Had(CekEndorsement had) -> Optional.of(had);
      case CekAnswer.NotHad notHad -> Optional.empty();
    };
  }

  private Path file(ChipId chip) {
    return folder.resolve(chip + ".json");
  }

  private static Bytes content(CekEndorsement endorsement) {
    var json = JSON.createObjectNode();
    json.put("schema", SCHEMA);
    json.put("chip", endorsement.chip().toString());
    json.put("cek", endorsement.cek().raw().base64());
    json.put("by", endorsement.voucher().kind().id());
    json.put("name", endorsement.voucher().name());
    String text = JSON.writeValueAsString(json) + "\n";
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  private static CekEndorsement parse(Bytes content) throws MalformedException {
    try {
      if (!(JSON.readTree(content.toArray()) instanceof ObjectNode json)
          || !text(json.required("schema")).equals(SCHEMA)) {
        throw new MalformedException(0, "an entry's first member is its schema, " + SCHEMA);
      }
      var kind =
          Voucher.Kind.ofId(text(json.required("by")))
              .orElseThrow(() -> new IllegalArgumentException("an unknown word"));
      var found =
          CekEndorsement.parse(
              new ChipId(Bytes.ofHex(text(json.required("chip")))),
              Bytes.ofBase64(text(json.required("cek"))),
              new Voucher(kind, text(json.required("name"))));
      if (!content(found).equals(content)) {
        throw new MalformedException(0, "the entry is not in the form that Remit writes");
      }
      return found;
    } catch (JacksonException | IllegalArgumentException cause) {
      throw new MalformedException(0, "a member of the entry is missing or of another type");
    }
  }

  private static String text(JsonNode node) {
    if (node.isString()) {
      return node.stringValue();
    }
    throw new IllegalArgumentException("this is text");
  }
}
