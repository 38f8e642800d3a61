package dev.remit.adapter.vendor;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.endorsement.CekAnswer;
import dev.remit.endorsement.CekEndorsement;
import dev.remit.endorsement.EndorsementSource;
import dev.remit.endorsement.Voucher;
import dev.remit.platform.ChipId;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * AMD's Key Distribution Service, or a mirror of it, over the JDK's client: {@code GET /cek/id/<128
 * hex digits>} is answered with the signed CEK, 2084 bytes.
 *
 * <p>One question ends within the deadline, whatever the network does, and is repeated at most
 * twice: the service asks its clients for patience by status 429 and {@code retry-after}.
 */
public final class AmdKeyServer implements EndorsementSource {
  /** Bytes that are read of an answer before it is cut off. */
  private static final int LARGEST = 1 << 16;

  private static final int TRIES = 3;
  private static final Duration PAUSE = Duration.ofSeconds(5); // as sevctl, where none is told

  private final KeyServerUrl url;
  private final Duration deadline;
  private final Pause pause;

  /** Waits; a test does not. */
  @FunctionalInterface
  interface Pause {
    void take(Duration duration) throws InterruptedException;
  }

  /**
   * @param deadline for one question, all tries and pauses included
   */
  public AmdKeyServer(KeyServerUrl url, Duration deadline) {
    this(url, deadline, Thread::sleep);
  }

  AmdKeyServer(KeyServerUrl url, Duration deadline, Pause pause) {
    this.url = url;
    this.deadline = deadline;
    this.pause = pause;
  }

  @Override
  public CekAnswer signedCek(ChipId chip) {
    long end = System.nanoTime() + deadline.toNanos();
    var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(deadline)
            .build();
    try {
      for (int tries = 1; ; tries++) {
        var response = ask(client, chip, left(end));
        var wait = patience(response);
        if (wait.isEmpty() || tries == TRIES || wait.getAsLong() >= left(end).toSeconds()) {
          return answer(chip, response);
        }
        pause.take(Duration.ofSeconds(wait.getAsLong()));
      }
    } catch (TimeoutException late) {
      return notHad("did not answer within " + deadline.toSeconds() + " s");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return notHad("was not waited for: this program was interrupted");
    } catch (ExecutionException failed) {
      return notHad(told(failed));
    } finally {
      client.shutdownNow();
    }
  }

  /** The client's own timeout ends with the headers; a body that drips would go on for ever. */
  private HttpResponse<byte[]> ask(HttpClient client, ChipId chip, Duration left)
      throws InterruptedException, ExecutionException, TimeoutException {
    var request = HttpRequest.newBuilder(url.cekOf(chip)).timeout(left).GET().build();
    var asked =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
    try {
      return asked.get(left.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      asked.cancel(true);
    }
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
  }

  /** Seconds to wait before the next try; empty where another try makes no sense. */
  private static OptionalLong patience(HttpResponse<byte[]> response) {
    if (response.statusCode() != 429 && response.statusCode() != 503) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        response
            .headers()
            .firstValue("retry-after")
            .filter(seconds -> seconds.matches("[0-9]{1,6}"))
            .map(Long::parseLong)
            .orElse(PAUSE.toSeconds()));
  }

  private CekAnswer answer(ChipId chip, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    return switch (status) {
      case 200 -> certificate(chip, Bytes.copyOf(response.body()));
      case 404 ->
          new CekAnswer.NotHad(
              "the key server %s does not know chip %s (status 404)".formatted(url, chip),
              "see that the id is the chip's: 128 digits as \"virsh nodesevinfo\" has it in base64");
      case 429 -> notHad("asks for patience, longer than the deadline (status 429)");
      default -> {
        if (status >= 300 && status < 400) {
          yield notHad("sends us elsewhere, and that is not followed (status " + status + ")");
        }
        yield notHad(
            (status >= 500 ? "is out of order" : "refuses the question")
                + " (status "
                + status
                + ")");
      }
    };
  }

  private CekAnswer certificate(ChipId chip, Bytes body) {
    try {
      return new CekAnswer.Had(
          CekEndorsement.parse(chip, body, new Voucher(Voucher.Kind.KEY_SERVER, url.toString())));
    } catch (MalformedException malformed) {
      return notHad("answered with something else than a CEK: " + malformed.getMessage());
    }
  }

  private CekAnswer notHad(String why) {
    return new CekAnswer.NotHad(
        "the key server %s %s".formatted(url, why),
        "try later, name a mirror by --key-server, or import the CEK by \"remit endorsements"
            + " import\"");
  }

  /** What a peer says is not repeated; the kind of fault is enough. */
  private static String told(ExecutionException failed) {
    var cause = failed.getCause();
    if (cause instanceof HttpTimeoutException) {
      return "did not answer in time";
    }
    if (cause instanceof ConnectException) {
      return "cannot be reached: its name is unknown here or nothing answers there";
    }
    if (cause instanceof SSLException) {
      return "does not prove that it is itself: no TLS connection comes about";
    }
    return "broke off the connection, or sends without end";
  }
}
