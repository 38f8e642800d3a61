package dev.remit.launch;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Journals in memory, which may be full. */
public final class FakeJournals implements Journals {
  private static final Instant AT = Instant.parse("2026-11-23T12:00:00Z");

  private final Map<LaunchId, Intent> intents = new LinkedHashMap<>();
  private final Map<LaunchId, List<LaunchEvent>> events = new LinkedHashMap<>();
  private final Map<LaunchId, Ending> endings = new LinkedHashMap<>();
  private final Set<LaunchId> held = new HashSet<>();
  private final Set<String> reserved = new HashSet<>();
  private final List<Unreadable> unreadable = new ArrayList<>();
  private final Set<LaunchEvent> failing = new HashSet<>();
  private Runnable beforeAppend = () -> {};

  /** Every attempt to write this event fails. */
  public FakeJournals failingAt(LaunchEvent event) {
    failing.add(event);
    return this;
  }

  /** Runs before each event is written. */
  public FakeJournals beforeAppend(Runnable what) {
    beforeAppend = what;
    return this;
  }

  /** A journal that a process left so; {@code held} where that process still lives. */
  public FakeJournals with(Intent intent, boolean alive, LaunchEvent... left) {
    intents.put(intent.launchId(), intent);
    events.put(intent.launchId(), new ArrayList<>(List.of(left)));
    if (alive) {
      held.add(intent.launchId());
    }
    return this;
  }

  /** A journal that tells nothing certain. */
  public FakeJournals with(Unreadable journal) {
    unreadable.add(journal);
    return this;
  }

  public synchronized List<LaunchEvent> events(LaunchId launchId) {
    return List.copyOf(events.getOrDefault(launchId, List.of()));
  }

  public synchronized boolean isHeld(LaunchId launchId) {
    return held.contains(launchId);
  }

  @Override
  public Journal begin(Intent intent) throws Failure {
    if (failing.contains(LaunchEvent.INTENDED)) {
      throw full();
    }
    with(intent, true, LaunchEvent.INTENDED);
    return new FakeJournal(intent.launchId());
  }

  @Override
  public synchronized List<Entry> entries() {
    return intents.values().stream()
        .map(intent ->
            new Entry(
                intent,
                events(intent.launchId()).getLast(),
                AT,
                Optional.ofNullable(endings.get(intent.launchId())),
                held.contains(intent.launchId())))
        .toList();
  }

  @Override
  public List<Unreadable> unreadable() {
    return List.copyOf(unreadable);
  }

  @Override
  public synchronized Optional<Reservation> reserve(String name, String uri) {
    String key = name + "\0" + uri;
    return reserved.add(key) ? Optional.of(new FakeReservation(name, uri)) : Optional.empty();
  }

  private final class FakeReservation implements Reservation {
    private final String name;
    private final String uri;

    FakeReservation(String name, String uri) {
      this.name = name;
      this.uri = uri;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String uri() {
      return uri;
    }

    @Override
    public void close() {
      synchronized (FakeJournals.this) {
        reserved.remove(name + "\0" + uri);
      }
    }
  }

  @Override
  public synchronized Optional<Journal> claim(LaunchId launchId) {
    return held.add(launchId) ? Optional.of(new FakeJournal(launchId)) : Optional.empty();
  }

  private static Failure full() {
    return new Failure(
        Diagnostic.of(Code.CANNOT_WRITE, "the disk is full", "a test says so", "none"));
  }

  private final class FakeJournal implements Journal {
    private final LaunchId launchId;

    FakeJournal(LaunchId launchId) {
      this.launchId = launchId;
    }

    @Override
    public void append(LaunchEvent event) throws Failure {
      beforeAppend.run();
      synchronized (FakeJournals.this) {
        if (failing.contains(event) || !held.contains(launchId)) {
          throw full();
        }
        events.computeIfAbsent(launchId, none -> new ArrayList<>()).add(event);
      }
    }

    @Override
    public void appendEnd(Ending ending) throws Failure {
      append(LaunchEvent.ENDED);
      synchronized (FakeJournals.this) {
        endings.put(launchId, ending);
      }
    }

    @Override
    public void close() {
      synchronized (FakeJournals.this) {
        held.remove(launchId);
      }
    }
  }
}
