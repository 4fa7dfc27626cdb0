package io.appointmentrelay.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One connection that says exactly what a test wants said, also what no HTTP client would say. */
final class RawHttp implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 10_000;

  /** An answer; status 0 stands for a connection that was closed without one. */
  record Answer(int status, Map<String, String> headers, String body) {
    static final Answer CLOSED = new Answer(0, Map.of(), "");
  }

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RawHttp(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
      out = socket.getOutputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says lines, each ended by CRLF. */
  RawHttp lines(String... lines) {
    return bytes((String.join("\r\n", lines) + "\r\n").getBytes(ISO_8859_1));
  }

  RawHttp bytes(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawHttp text(String text) {
    return bytes(text.getBytes(ISO_8859_1));
  }

  /** No more comes from this side; the answer may. */
  void endOfWhatWeSay() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer answer() {
    try {
      String status = line();
      if (status.isEmpty()) {
        return Answer.CLOSED;
      }
      Map<String, String> headers = new LinkedHashMap<>();
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
      }
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      String body = new String(in.readNBytes(length), ISO_8859_1);
      return new Answer(Integer.parseInt(status.split(" ")[1]), headers, body);
    } catch (IOException e) {
      return Answer.CLOSED;
    }
  }

  /** Whether the other end closes the connection, and says nothing more before. */
  boolean isClosed() {
    try {
      return in.read() < 0;
    } catch (java.net.SocketTimeoutException stillOpen) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().replace("\r", "");
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
