package dev.remit.cli;

import dev.remit.diagnostic.HostText;
import dev.remit.report.Answer;
import dev.remit.report.Json;
import java.io.PrintStream;

/**
 * The two streams: stdout carries the answer, stderr the conversation. Whatever was overlooked on
 * the way here, no control character leaves but the line feed.
 */
final class Terminal {
  enum Form {
    text,
    json
  }

  private final PrintStream out;
  private final PrintStream err;

  Terminal(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  void answer(Answer answer, Form form) {
    out.println(
        switch (form) {
          case text -> HostText.lines(answer.text());
          case json -> Json.print(answer.json());
        });
    out.flush();
  }

  /** A page of the program itself, with its colours: nobody else's text is in it. */
  void page(Answer page, Form form) {
    switch (form) {
      case text -> out.println(page.text());
      case json -> out.println(Json.print(page.json()));
    }
    out.flush();
  }

  /** Bad news goes to stderr as text; a program that asked for JSON finds it on stdout. */
  void badNews(Answer news, Form form) {
    switch (form) {
      case text -> err.println(HostText.lines(news.text()));
      case json -> out.println(Json.print(news.json()));
    }
    err.flush();
    out.flush();
  }

  /** A part of an answer that has no end yet; one line, whatever is in it. */
  void line(String line) {
    out.println(HostText.line(line));
    out.flush();
  }

  /** One line, whatever is in it. */
  void say(String line) {
    err.println(HostText.line(line));
    err.flush();
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }
}
