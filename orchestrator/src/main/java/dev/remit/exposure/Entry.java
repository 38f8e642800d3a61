package dev.remit.exposure;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One leak: something that a host can read, change or weaken.
 *
 * @param id the chapter and two digits
 * @param title a noun phrase
 * @param technologies that have the leak
 * @param acknowledgeable empty where no profile lets anybody take the risk
 * @param gets what the host gets
 * @param instead what the owner does in its place, in the imperative
 * @param enforced what stops a host that lies, or what is left
 * @param signs where the leak shows
 * @param unseen why no rule over files can see it; exactly where no sign is checkable
 * @param sources where its facts come from
 */
public record Entry(
    String id,
    String title,
    Set<Harm> harms,
    Severity severity,
    Set<Technology> technologies,
    Default byDefault,
    Optional<Acknowledgeable> acknowledgeable,
    String gets,
    String instead,
    String enforced,
    Set<Sign> signs,
    Optional<String> unseen,
    List<String> sources) {
  private static final Pattern ID = Pattern.compile("[A-Z]+-[0-9]{2}");
  private static final Pattern PHRASE = Pattern.compile("[ -~]*[!-~&&[^.]]");
  private static final Pattern SENTENCE = Pattern.compile("[A-Z][ -~]*\\.");

  public Entry {
    if (!ID.matcher(id).matches() || Chapter.ofId(chapter(id)).isEmpty()) {
      throw new IllegalArgumentException("an id is a chapter and two digits: " + id);
    }
    requirePhrase("title", title);
    requireSentence("gets", gets);
    requireSentence("instead", instead);
    requireSentence("enforced", enforced);
    unseen.ifPresent(text -> requireSentence("unseen", text));
    sources = List.copyOf(sources);
    sources.forEach(source -> requirePhrase("source", source));
    harms = inOrder("harms", harms, Harm.class);
    technologies = inOrder("technologies", technologies, Technology.class);
    signs = inOrder("signs", signs, Sign.class);
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("an entry names its sources");
    }
    if (unseen.isPresent() == signs.stream().anyMatch(Sign::isCheckable)) {
      throw new IllegalArgumentException("exactly what no rule can see says why");
    }
    if (byDefault == Default.ACKNOWLEDGE && acknowledgeable.isEmpty()) {
      throw new IllegalArgumentException("the risk that is acknowledged has a name");
    }
    if (byDefault == Default.RESIDUAL && acknowledgeable.isPresent()) {
      throw new IllegalArgumentException("nobody acknowledges what is allowed");
    }
    if (acknowledgeable.isPresent()
        && acknowledgeable.get().when().isPresent() == (byDefault == Default.ACKNOWLEDGE)) {
      throw new IllegalArgumentException("exactly an exception from the default says when");
    }
  }

  /** Whether it is something to know of that shows nowhere in a file. */
  boolean unseenWarning() {
    return byDefault == Default.WARN && unseen.isPresent();
  }

  public Chapter chapter() {
    return Chapter.valueOf(chapter(id));
  }

  private static String chapter(String id) {
    return id.substring(0, id.indexOf('-'));
  }

  private static <E extends Enum<E>> Set<E> inOrder(String name, Set<E> values, Class<E> type) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("an entry has " + name);
    }
    var ordered = EnumSet.noneOf(type);
    ordered.addAll(values);
    return Collections.unmodifiableSet(ordered);
  }

  static void requirePhrase(String name, String text) {
    if (!PHRASE.matcher(text).matches() || text.startsWith(" ")) {
      throw new IllegalArgumentException(name + " is one line without a full stop: " + text);
    }
  }

  private static void requireSentence(String name, String text) {
    if (!SENTENCE.matcher(text).matches()) {
      throw new IllegalArgumentException(name + " is one line of whole sentences: " + text);
    }
  }
}
