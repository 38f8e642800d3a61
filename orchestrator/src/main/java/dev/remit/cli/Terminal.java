package dev.remit.cli;

import dev.remit.report.Answer;
import dev.remit.report.Json;
import java.io.PrintStream;

/** The two streams: stdout carries the answer, stderr the conversation. */
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
          case text -> answer.text();
          case json -> Json.print(answer.json());
        });
    out.flush();
  }

  /** Bad news goes to stderr as text; a program that asked for JSON finds it on stdout. */
  void badNews(Answer news, Form form) {
    switch (form) {
      case text -> err.println(news.text());
      case json -> out.println(Json.print(news.json()));
    }
    err.flush();
    out.flush();
  }

  /** A part of an answer that has no end yet. */
  void line(String line) {
    out.println(line);
    out.flush();
  }

  void say(String line) {
    err.println(line);
    err.flush();
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }
}
