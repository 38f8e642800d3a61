package dev.remit.endorsement;

/** What came of asking for a chip's signed CEK. Not having it is an answer like any other. */
public sealed interface CekAnswer {
  record Had(CekEndorsement endorsement) implements CekAnswer {}

  /**
   * It is not to be had there.
   *
   * @param reason why not, a phrase for reports; what a server or file said is escaped in it
   * @param fix what can be done about it
   */
  record NotHad(String reason, String fix) implements CekAnswer {}
}
