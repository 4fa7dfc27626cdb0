package io.appointmentrelay.acceptance;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;

/** Everything that is logged while it is open, at DEBUG and with stack traces, and kept quiet. */
final class CapturedLogs extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  /** The FHIR servers of tests, in this JVM: what they log is not the product's. */
  private static final String FAR_END = "org.eclipse.jetty";

  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final java.util.logging.Logger platform = java.util.logging.Logger.getLogger("");
  private final Level before = root.getLevel();
  private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          lines.add(entry.getLoggerName() + " " + entry.getMessage() + " " + entry.getThrown());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  static CapturedLogs open() {
    CapturedLogs logs = new CapturedLogs();
    logs.begin();
    return logs;
  }

  private void begin() {
    for (Iterator<Appender<ILoggingEvent>> all = root.iteratorForAppenders(); all.hasNext(); ) {
      others.add(all.next());
    }
    others.forEach(root::detachAppender);
    setContext(root.getLoggerContext());
    start();
    root.addAppender(this);
    root.setLevel(Level.DEBUG);
    platform.addHandler(handler);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLoggerName().startsWith(FAR_END)) {
      return;
    }
    String thrown =
        event.getThrowableProxy() == null
            ? ""
            : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
    lines.add(
        event.getLevel()
            + " "
            + event.getLoggerName()
            + " "
            + event.getFormattedMessage()
            + thrown);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /** Those that hold a text, for an assertion that shows them. */
  List<String> with(String text) {
    return lines.stream().filter(line -> line.contains(text)).toList();
  }

  @Override
  public void close() {
    root.detachAppender(this);
    root.setLevel(before);
    others.forEach(root::addAppender);
    platform.removeHandler(handler);
    stop();
  }
}
