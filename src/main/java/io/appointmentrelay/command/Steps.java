package io.appointmentrelay.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import org.jspecify.annotations.Nullable;

/** Addresses of what is done step by step. */
final class Steps {

  private Steps() {}

  static String address(String path, @Nullable String next) {
    return next == null
        ? path
        : path + (path.contains("?") ? "&" : "?") + "after=" + URLEncoder.encode(next, UTF_8);
  }
}
