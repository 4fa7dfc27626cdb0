package io.appointmentrelay.reply;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.appointmentrelay.messaging.Clinic;
import io.appointmentrelay.messaging.ReplyWords;
import java.util.Base64;
import org.apache.camel.Exchange;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * The page behind a link, in the language of its message: a sentence, and at most one button. It
 * works without scripts, loads nothing, and tells neither name nor time nor place: whoever scans or
 * forwards a message may open it.
 */
final class ReplyPage {

  private static final String STYLE =
      "body{margin:0;padding:24px 12px;background:#f3f5f7;color:#1c2730;font:18px/1.5 sans-serif}"
          + "main{max-width:30em;margin:0 auto;padding:24px;background:#fff;border-radius:6px}"
          + "h1{font-size:1em;margin:0}"
          + "button{font:inherit;padding:.6em 1.2em;border:0;border-radius:6px;background:#12507b;color:#fff}";

  /** Nothing but this style, and a form that goes where the page came from. */
  private static final String POLICY =
      "default-src 'none'; style-src 'sha256-"
          + digest(STYLE)
          + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private final Clinic clinic;

  ReplyPage(Clinic clinic) {
    this.clinic = clinic;
  }

  /** Puts a page into the exchange that only says something. */
  void say(Exchange exchange, int status, ReplyWords words, String sentence) {
    put(exchange, status, words, words.word(sentence), null);
  }

  /** Puts a page into the exchange whose button answers. */
  void ask(Exchange exchange, ReplyWords words, String answer) {
    put(
        exchange,
        200,
        words,
        words.word("page." + answer),
        words.word("page." + answer + ".button"));
  }

  private void put(
      Exchange exchange, int status, ReplyWords words, String sentence, @Nullable String button) {
    String phone = clinic.phone();
    StringBuilder page = new StringBuilder(1_500);
    page.append("<!DOCTYPE html>\n<html lang=\"").append(escaped(words.language()));
    page.append("\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.append("<title>").append(escaped(words.word("page.title"))).append("</title>\n");
    page.append("<style>").append(STYLE).append("</style>\n</head>\n<body>\n<main>\n");
    page.append("<h1>").append(escaped(clinic.name())).append("</h1>\n");
    page.append("<p>").append(escaped(sentence)).append("</p>\n");
    if (button != null) {
      page.append("<form method=\"post\"><button>").append(escaped(button));
      page.append("</button></form>\n");
    }
    if (phone != null) {
      String call = words.word("page.phone").replace("{phone}", phone);
      page.append("<p>").append(escaped(call)).append("</p>\n");
    }
    page.append("</main>\n</body>\n</html>\n");
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "text/html; charset=utf-8");
    exchange.getMessage().setHeader("Content-Security-Policy", POLICY);
    exchange.getMessage().setBody(page.toString().getBytes(UTF_8));
  }

  private static String escaped(String text) {
    return AnswerCarrier.escaped(text);
  }

  private static String digest(String text) {
    return Base64.getEncoder().encodeToString(DigestUtils.sha256(text));
  }
}
