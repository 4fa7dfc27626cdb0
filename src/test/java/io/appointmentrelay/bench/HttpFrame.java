package io.appointmentrelay.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * As much of HTTP/1.1 as a load generator needs: where a message in a buffer ends, its status, and
 * one header. Knows Content-Length and chunked bodies; a message without either has no body.
 */
final class HttpFrame {

  private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(US_ASCII);
  private static final byte[] TRANSFER_ENCODING = "transfer-encoding:".getBytes(US_ASCII);
  private static final int MOST_HEX_DIGITS = 7;

  private final byte[] header;
  private int headerFrom;
  private int headerTo;

  /**
   * @param header the name of the header to remember, in lower case
   */
  HttpFrame(String header) {
    this.header = (header + ":").getBytes(US_ASCII);
  }

  /** The length of the message that begins at {@code from}; -1 if it is not all there yet. */
  int length(byte[] bytes, int from, int to) {
    headerFrom = headerTo = 0;
    int contentLength = 0;
    boolean chunked = false;
    int line = from;
    while (true) {
      int lineEnd = endOfLine(bytes, line, to);
      if (lineEnd < 0) {
        return -1;
      }
      if (lineEnd == line) {
        break;
      }
      if (startsWith(bytes, line, lineEnd, CONTENT_LENGTH)) {
        contentLength = decimal(bytes, line + CONTENT_LENGTH.length, lineEnd);
      } else if (startsWith(bytes, line, lineEnd, TRANSFER_ENCODING)) {
        chunked = true;
      } else if (startsWith(bytes, line, lineEnd, header)) {
        headerFrom = line + header.length;
        headerTo = lineEnd;
      }
      line = lineEnd + 2;
    }
    int body = line + 2;
    int end = chunked ? endOfChunks(bytes, body, to) : body + contentLength;
    return end < 0 || end > to ? -1 : end - from;
  }

  /** The remembered header's value in the message measured last; empty if it had none. */
  String header(byte[] bytes) {
    return new String(bytes, headerFrom, headerTo - headerFrom, US_ASCII).strip();
  }

  /** The status of the answer that begins at {@code from}. */
  static int status(byte[] bytes, int from) {
    return decimal(bytes, from + "HTTP/1.1 ".length(), from + "HTTP/1.1 200".length());
  }

  private static int endOfChunks(byte[] bytes, int from, int to) {
    int at = from;
    while (true) {
      int lineEnd = endOfLine(bytes, at, to);
      if (lineEnd < 0) {
        return -1;
      }
      int size = hexadecimal(bytes, at, lineEnd);
      at = lineEnd + 2 + size + 2;
      if (size == 0) {
        return at;
      }
    }
  }

  private static int endOfLine(byte[] bytes, int from, int to) {
    for (int i = from; i + 1 < to; i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private static boolean startsWith(byte[] bytes, int from, int to, byte[] lowerCase) {
    if (to - from < lowerCase.length) {
      return false;
    }
    for (int i = 0; i < lowerCase.length; i++) {
      byte one = bytes[from + i];
      if (one != lowerCase[i] && (one < 'A' || one > 'Z' || one + ('a' - 'A') != lowerCase[i])) {
        return false;
      }
    }
    return true;
  }

  private static int decimal(byte[] bytes, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] >= '0' && bytes[i] <= '9') {
        value = value * 10 + bytes[i] - '0';
      }
    }
    return value;
  }

  private static int hexadecimal(byte[] bytes, int from, int to) {
    int value = 0;
    for (int i = from; i < to && i - from < MOST_HEX_DIGITS; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0) {
        break;
      }
      value = value * 16 + digit;
    }
    return value;
  }
}
