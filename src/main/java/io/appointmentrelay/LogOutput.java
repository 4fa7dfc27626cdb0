package io.appointmentrelay;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the log is written: lines to read, or one JSON object a line with {@code timestamp} (ms since
 * 1970), {@code level}, {@code loggerName}, {@code formattedMessage} and, in {@code kvpList}, the
 * ids it speaks of. Neither holds exceptions: their messages may quote a notification.
 */
final class LogOutput {

  private LogOutput() {}

  static void set(Map<String, String> settings) {
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
        instanceof ch.qos.logback.classic.Logger root) {
      root.setLevel(Level.toLevel(settings.get("relay.log.level"), Level.INFO));
      if ("json".equals(settings.get("relay.log.format"))
          && root.getAppender("console") instanceof OutputStreamAppender<ILoggingEvent> console) {
        console.stop();
        console.setEncoder(json(root.getLoggerContext()));
        console.start();
      }
    }
  }

  private static JsonEncoder json(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithFormattedMessage(true);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithThrowable(false);
    encoder.setWithContext(false);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithMDC(false);
    encoder.start();
    return encoder;
  }
}
