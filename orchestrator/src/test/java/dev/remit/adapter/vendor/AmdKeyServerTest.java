package dev.remit.adapter.vendor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.remit.bytes.Bytes;
import dev.remit.endorsement.CekAnswer;
import dev.remit.endorsement.FakeAmd;
import dev.remit.endorsement.FakeSource;
import dev.remit.platform.ChipId;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmdKeyServerTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final ChipId CHIP = FakeSource.chip(0xab);
  private static final Bytes CEK = FakeAmd.believed().platform().cek();

  private final List<String> paths = Collections.synchronizedList(new ArrayList<>());
  private final List<Duration> pauses = new ArrayList<>();
  private final Queue<Reply> replies = new ArrayDeque<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  private interface Reply {
    void to(HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          paths.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          Reply reply;
          synchronized (replies) {
            reply = replies.remove();
          }
          try (exchange) {
            reply.to(exchange);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void fetchesTheCekOfAChip() {
    var answer = (CekAnswer.Had) ask(LONG, sending(200, CEK));

    assertThat(answer.endorsement().chip()).isEqualTo(CHIP);
    assertThat(answer.endorsement().cek().raw()).isEqualTo(CEK);
    assertThat(answer.endorsement().voucher()).hasToString("the key server " + url());
    assertThat(paths).containsExactly("GET /cek/id/ab" + "0".repeat(126));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2083, 2085, 4168, 60_000})
  void takesNothingOfAnotherSize(int size) {
    var body = size < CEK.size() ? CEK.slice(0, size) : CEK.paddedTo(size);
    assertThat(notHad(LONG, sending(200, body))).contains("something else than a CEK");
  }

  @Test
  void takesNoOtherCertificate() {
    assertThat(notHad(LONG, sending(200, FakeAmd.believed().platform().pek())))
        .contains("a key PEK, not a CEK");
  }

  @Test
  void cutsOffAnAnswerWithoutEnd() {
    assertThat(
            notHad(
                LONG,
                exchange -> {
                  exchange.sendResponseHeaders(200, 0);
                  var body = exchange.getResponseBody();
                  while (over.getCount() > 0) {
                    body.write(new byte[8192]);
                  }
                }))
        .contains("broke off the connection, or sends without end");
  }

  @Test
  void doesNotTakeATruncatedAnswerForAWholeOne() {
    assertThat(
            notHad(
                LONG,
                exchange -> {
                  exchange.sendResponseHeaders(200, CEK.size());
                  exchange.getResponseBody().write(CEK.slice(0, 1000).toArray());
                  exchange.getResponseBody().flush();
                }))
        .contains("broke off the connection");
  }

  @Test
  void endsWithTheDeadlineWhereNothingComes() {
    assertEndsInTime(exchange -> await());
  }

  @Test
  void endsWithTheDeadlineWhereABodyDrips() {
    assertEndsInTime(exchange -> {
      exchange.sendResponseHeaders(200, CEK.size());
      exchange.getResponseBody().write(1);
      exchange.getResponseBody().flush();
      await();
    });
  }

  @Test
  void endsWithTheDeadlineWhereNobodyAcceptsTheConnection() throws IOException {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var url = new KeyServerUrl(URI.create("http://127.0.0.1:" + silent.getLocalPort()));
      long start = System.nanoTime();
      var answer = new AmdKeyServer(url, SHORT, pauses::add).signedCek(CHIP);
      assertThat(answer).isInstanceOf(CekAnswer.NotHad.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusSeconds(2));
    }
  }

  private void assertEndsInTime(Reply reply) {
    long start = System.nanoTime();
    assertThat(notHad(SHORT, reply)).containsAnyOf("did not answer within", "did not answer in");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusSeconds(2));
    assertThat(pauses).isEmpty();
  }

  @Test
  void followsNoRedirect() {
    assertThat(
            notHad(
                LONG,
                exchange -> {
                  exchange.getResponseHeaders().add("Location", url() + "/elsewhere");
                  exchange.sendResponseHeaders(302, -1);
                }))
        .contains("sends us elsewhere", "302");
    assertThat(paths).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "404, does not know chip",
    "400, refuses the question",
    "403, refuses the question",
    "500, is out of order",
    "502, is out of order",
    "204, refuses the question",
  })
  void saysWhatAStatusMeansAndAsksOnce(int status, String words) {
    assertThat(notHad(LONG, sending(status, Bytes.EMPTY))).contains(words, "status " + status);
    assertThat(paths).hasSize(1);
  }

  @Test
  void waitsAsLongAsItIsAskedTo() {
    assertThat(ask(LONG, patience(429, "7"), patience(503, "2"), sending(200, CEK)))
        .isInstanceOf(CekAnswer.Had.class);
    assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-1", "99999999999999999999", "Wed, 21 Oct 2026 07:28:00 GMT"})
  void waitsForAWhileWhereItIsNotToldHowLong(String retryAfter) {
    assertThat(ask(LONG, patience(429, retryAfter), sending(200, CEK)))
        .isInstanceOf(CekAnswer.Had.class);
    assertThat(pauses).containsExactly(Duration.ofSeconds(5));
  }

  @Test
  void doesNotWaitBeyondItsDeadline() {
    assertThat(notHad(LONG, patience(429, "61"))).contains("asks for patience", "429");
    assertThat(pauses).isEmpty();
  }

  @Test
  void givesUpAfterThreeTries() {
    assertThat(notHad(LONG, patience(429, "1"), patience(429, "1"), patience(429, "1")))
        .contains("asks for patience");
    assertThat(paths).hasSize(3);
  }

  @Test
  void saysThatNothingAnswersThere() throws IOException {
    int free;
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = taken.getLocalPort();
    }
    var url = new KeyServerUrl(URI.create("http://127.0.0.1:" + free));
    var answer = (CekAnswer.NotHad) new AmdKeyServer(url, LONG, pauses::add).signedCek(CHIP);
    assertThat(answer.reason()).contains("cannot be reached");
  }

  @Test
  void saysThatAServerDoesNotProveItself() throws Exception {
    try (var plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var answering =
          threads.submit(() -> {
            try (var connection = plain.accept()) {
              readTlsRecord(connection.getInputStream());
              connection.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
              connection.getInputStream().readAllBytes();
            }
            return true;
          });
      var https = new KeyServerUrl(URI.create("https://127.0.0.1:" + plain.getLocalPort()));
      var answer = (CekAnswer.NotHad) new AmdKeyServer(https, LONG, pauses::add).signedCek(CHIP);
      assertThat(answer.reason()).contains("does not prove that it is itself");
      assertThat(answering.get()).isTrue();
    }
  }

  /** Waits for the client's hello: an answer before the question can go unnoticed. */
  private static void readTlsRecord(InputStream stream) throws IOException {
    var record = new DataInputStream(stream);
    record.skipNBytes(3);
    record.skipNBytes(record.readUnsignedShort());
  }

  private CekAnswer ask(Duration deadline, Reply... inTurn) {
    replies.addAll(List.of(inTurn));
    return new AmdKeyServer(KeyServerUrl.parse(url()), deadline, pauses::add).signedCek(CHIP);
  }

  private String notHad(Duration deadline, Reply... inTurn) {
    return ((CekAnswer.NotHad) ask(deadline, inTurn)).reason();
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void await() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Reply sending(int status, Bytes body) {
    return exchange -> {
      exchange.sendResponseHeaders(status, body.size() == 0 ? -1 : body.size());
      exchange.getResponseBody().write(body.toArray());
    };
  }

  private static Reply patience(int status, String seconds) {
    return exchange -> {
      exchange.getResponseHeaders().add("Retry-After", seconds);
      exchange.sendResponseHeaders(status, -1);
    };
  }
}
