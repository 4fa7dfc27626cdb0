package io.appointmentrelay.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import io.appointmentrelay.appointment.RefusedByOtherEnd;
import io.appointmentrelay.appointment.UnusableAnswer;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.apache.camel.ValidationException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.eclipse.angus.mail.util.MailConnectException;
import org.jspecify.annotations.Nullable;

/**
 * What a failure to send means, by the table "failures": is it the other end as a whole, this item,
 * or a fault of ours? The reason names codes and types, never what was sent to whom.
 *
 * @param kind what follows from it
 * @param reason for the delivery
 * @param retryAfter what the other end asked for
 */
record Trouble(Kind kind, String reason, @Nullable Duration retryAfter) {

  /** What follows from a failure. */
  enum Kind {
    /** The other end as a whole: tried again, not counted. */
    OTHER_END,
    /** This item, or a fault of ours: tried again, counted. */
    COUNTED,
    /** This item, for good. */
    FOR_GOOD
  }

  private static final Duration LONGEST_WISH = Duration.ofHours(6);

  /**
   * What the library says, in no other way, when a connection is greeted by another code than 220.
   */
  private static final String NO_GREETING = "Got bad greeting from SMTP host";

  static Trouble of(Throwable failure, Clock clock) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Trouble trouble = known(cause, clock);
      if (trouble != null) {
        return trouble;
      }
    }
    return new Trouble(Kind.COUNTED, "failed by " + failure.getClass().getSimpleName(), null);
  }

  /**
   * Whether the other end may have what it was sent: it was told all of it, and no answer came. An
   * answer, whatever it says, and a connection that was never made leave no doubt.
   */
  static boolean leavesDoubt(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      boolean neverThere =
          cause instanceof ConnectException
              || cause instanceof ConnectTimeoutException
              || cause instanceof ConnectionRequestTimeoutException
              || cause instanceof UnknownHostException
              || cause instanceof NoRouteToHostException
              || cause instanceof SSLException
              || cause instanceof PublicTarget.Refused;
      if (neverThere || cause.getCause() instanceof PublicTarget.Refused) {
        return false;
      }
      boolean answered =
          cause instanceof HttpOperationFailedException || cause instanceof JsonProcessingException;
      if (answered) {
        return false;
      }
      if (cause instanceof MessagingException mail) {
        return smtpCode(mail) <= 0 && wasToldWhole(mail);
      }
      if (cause instanceof IOException) {
        return true;
      }
    }
    return false;
  }

  /** A mail is a server's from its last dot on; only where it was waited for says so. */
  private static boolean wasToldWhole(MessagingException mail) {
    return Arrays.stream(mail.getStackTrace())
        .anyMatch(
            step ->
                step.getMethodName().equals("finishData")
                    && step.getClassName().equals(SMTPTransport.class.getName()));
  }

  private static @Nullable Trouble known(Throwable cause, Clock clock) {
    if (cause instanceof HttpOperationFailedException http) {
      return ofHttp(http, clock);
    }
    if (cause instanceof OtherEndUnavailable unavailable) {
      String reason = String.valueOf(unavailable.getMessage());
      return new Trouble(Kind.OTHER_END, reason, atMost(unavailable.retryAfter()));
    }
    if (cause instanceof RefusedByOtherEnd refused) {
      return new Trouble(Kind.FOR_GOOD, String.valueOf(refused.getMessage()), null);
    }
    if (cause instanceof UnusableAnswer unusable) {
      return new Trouble(Kind.COUNTED, String.valueOf(unusable.getMessage()), null);
    }
    if (cause instanceof MessagingException mail) {
      return ofMail(mail);
    }
    // Jackson's exception is an IOException too, so it comes first.
    if (cause instanceof JsonProcessingException || cause instanceof ValidationException) {
      return new Trouble(Kind.COUNTED, "answer not understood", null);
    }
    if (cause instanceof PublicTarget.Refused || cause.getCause() instanceof PublicTarget.Refused) {
      return new Trouble(Kind.OTHER_END, "target on a private address, not connected to", null);
    }
    if (cause instanceof IOException) {
      return new Trouble(Kind.OTHER_END, "no answer: " + cause.getClass().getSimpleName(), null);
    }
    return null;
  }

  /** RFC 9110: 408, 425, 429 and 5xx may pass; any other answer that is no success is for good. */
  private static Trouble ofHttp(HttpOperationFailedException http, Clock clock) {
    int status = http.getStatusCode();
    boolean mayPass = status == 408 || status == 425 || status == 429 || status >= 500;
    return new Trouble(
        mayPass ? Kind.OTHER_END : Kind.FOR_GOOD,
        "HTTP " + status,
        mayPass ? retryAfter(http.getResponseHeaders(), clock) : null);
  }

  /** RFC 5321: 4yz is temporary, 5yz permanent. */
  private static @Nullable Trouble ofMail(MessagingException mail) {
    if (mail instanceof MailConnectException) {
      return new Trouble(Kind.OTHER_END, "SMTP connection refused or timed out", null);
    }
    if (mail instanceof AuthenticationFailedException) {
      return new Trouble(Kind.OTHER_END, "SMTP authentication failed", null);
    }
    if (String.valueOf(mail.getMessage()).startsWith(NO_GREETING)) {
      return new Trouble(Kind.OTHER_END, "SMTP server did not greet", null);
    }
    int code = smtpCode(mail);
    if (code >= 500) {
      return new Trouble(Kind.FOR_GOOD, "SMTP " + code, null);
    }
    if (code == 421) {
      return new Trouble(Kind.OTHER_END, "SMTP 421", null);
    }
    if (code >= 400) {
      return new Trouble(Kind.COUNTED, "SMTP " + code, null);
    }
    if (code < 0) {
      return new Trouble(Kind.OTHER_END, "SMTP connection lost", null);
    }
    for (Exception next = mail.getNextException(); next != null; next = next(next)) {
      if (next instanceof MessagingException nested && smtpCode(nested) >= 400) {
        return ofMail(nested);
      }
      if (next instanceof IOException) {
        return new Trouble(Kind.OTHER_END, "SMTP connection lost", null);
      }
    }
    return null;
  }

  private static @Nullable Exception next(Exception exception) {
    return exception instanceof MessagingException mail ? mail.getNextException() : null;
  }

  private static int smtpCode(MessagingException mail) {
    if (mail instanceof SMTPAddressFailedException address) {
      return address.getReturnCode();
    }
    if (mail instanceof SMTPSendFailedException send) {
      return send.getReturnCode();
    }
    return mail instanceof SMTPSenderFailedException sender ? sender.getReturnCode() : 0;
  }

  private static @Nullable Duration retryAfter(@Nullable Map<String, String> headers, Clock clock) {
    if (headers == null) {
      return null;
    }
    for (Map.Entry<String, String> header : headers.entrySet()) {
      if (header.getKey().toLowerCase(Locale.ROOT).equals("retry-after")) {
        return wish(header.getValue().trim(), clock);
      }
    }
    return null;
  }

  private static @Nullable Duration atMost(@Nullable Duration wish) {
    return wish != null && wish.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : wish;
  }

  private static @Nullable Duration wish(String value, Clock clock) {
    try {
      Duration wish =
          value.chars().allMatch(Character::isDigit) && value.length() < 8
              ? Duration.ofSeconds(Long.parseLong(value))
              : Duration.between(
                  clock.instant(),
                  ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      return atMost(wish);
    } catch (DateTimeException | NumberFormatException e) {
      return null;
    }
  }
}
