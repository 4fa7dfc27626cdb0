package io.appointmentrelay.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.appointmentrelay.appointment.Purpose;
import io.appointmentrelay.command.ConsoleClient.Answer;
import io.appointmentrelay.messaging.Address;
import io.appointmentrelay.messaging.Masked;
import io.appointmentrelay.store.Page;
import io.appointmentrelay.store.PageRequest;
import io.appointmentrelay.store.RecipientStore;
import io.appointmentrelay.store.RecipientStore.OptOut;
import io.appointmentrelay.store.Store;
import io.appointmentrelay.store.StoreAddress;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who does not want to be written to: listed, added, removed. Goes by the console of a relay that
 * runs, and else by its store.
 */
public final class OptOutList {

  private static final int DONE = 0;
  private static final int NOT_DONE = 1;
  private static final int WRONG_USE = 2;
  private static final String LINE = "%-28s %-12s %s%n";
  private static final String ADDRESS = "/api/opt-outs";

  private final ConsoleClient console;
  private final StoreAddress storeAddress;
  private final String region;
  private final Clock clock;

  public OptOutList(ConsoleClient console, StoreAddress storeAddress, String region, Clock clock) {
    this.console = console;
    this.storeAddress = storeAddress;
    this.region = region;
    this.clock = clock;
  }

  /**
   * Does what is asked, and says so.
   *
   * @return the exit status: 0; 1 if it was not done; 2 if it was not understood
   */
  public int run(
      String action, @Nullable String recipient, @Nullable String purpose, PrintWriter out) {
    boolean isList = action.equals("list");
    boolean isChange = action.equals("add") || action.equals("remove");
    if ((!isList || recipient != null) && (!isChange || recipient == null)) {
      out.println(
          "opt-out expects list, add <recipient> or remove <recipient>; found something else. Nothing was changed.");
      return WRONG_USE;
    }
    try {
      return isList ? list(out) : change(action, recipient, purpose, out);
    } finally {
      out.flush();
    }
  }

  private int list(PrintWriter out) {
    Optional<Answer> first = console.ask("GET", ADDRESS + "?limit=200", Map.of());
    if (first.isEmpty()) {
      try (Store store = StoppedStore.open(storeAddress, clock)) {
        return list(store.recipients(), out);
      }
    }
    Answer answer = first.get();
    while (answer.isDone()) {
      for (JsonNode item : answer.body().path("items")) {
        line(item.path("recipient").asText(), item.path("purpose").asText(), item, out);
      }
      String next = answer.body().path("next").textValue();
      if (next == null) {
        return DONE;
      }
      String page = URLEncoder.encode(next, StandardCharsets.UTF_8);
      answer = console.ask("GET", ADDRESS + "?limit=200&after=" + page, Map.of()).orElse(answer);
    }
    out.println(answer.error());
    return NOT_DONE;
  }

  private static void line(String recipient, String purpose, JsonNode item, PrintWriter out) {
    out.printf(Locale.ROOT, LINE, recipient, purpose, item.path("since").asText());
  }

  private static int list(RecipientStore recipients, PrintWriter out) {
    String after = null;
    do {
      Page<OptOut> page = recipients.optOuts(new PageRequest(PageRequest.AT_MOST, after));
      page.items()
          .forEach(
              one -> out.printf(Locale.ROOT, LINE, one.recipient(), one.purpose(), one.since()));
      after = page.next();
    } while (after != null);
    return DONE;
  }

  private int change(
      String action, @Nullable String recipient, @Nullable String purpose, PrintWriter out) {
    Map<String, String> body = new HashMap<>();
    body.put("recipient", String.valueOf(recipient));
    if (purpose != null) {
      body.put("purpose", purpose);
    }
    boolean isAdding = action.equals("add");
    Optional<Answer> answer = console.ask(isAdding ? "POST" : "DELETE", ADDRESS, body);
    if (answer.isPresent()) {
      boolean isDone = answer.get().isDone();
      out.println(isDone ? said(isAdding) : answer.get().error());
      return isDone ? DONE : NOT_DONE;
    }
    Optional<String> address = Address.read(String.valueOf(recipient), region);
    Optional<Purpose> read = Purpose.of(purpose == null ? Purpose.ALL.word() : purpose);
    if (address.isEmpty() || read.isEmpty()) {
      out.println(
          "opt-out expects an e-mail address or a telephone number that can be texted, and a purpose of "
              + Purpose.words()
              + "; found something else. Nothing was changed.");
      return NOT_DONE;
    }
    try (Store store = StoppedStore.open(storeAddress, clock)) {
      return change(store.recipients(), isAdding, address.get(), purpose == null, read.get(), out);
    }
  }

  private int change(
      RecipientStore recipients,
      boolean isAdding,
      String address,
      boolean everyPurpose,
      Purpose purpose,
      PrintWriter out) {
    String key = Address.key(address);
    if (isAdding) {
      recipients.optOut(key, Masked.of(address), purpose, clock.instant()).join();
      out.println(said(true));
      return DONE;
    }
    boolean isRemoved = recipients.optIn(key, everyPurpose ? null : purpose).join() > 0;
    out.println(
        isRemoved
            ? said(false)
            : "Expected a recipient and purpose that are on the list; found none. Nothing was changed.");
    return isRemoved ? DONE : NOT_DONE;
  }

  private static String said(boolean isAdding) {
    return isAdding ? "On the list." : "Not on the list any more.";
  }
}
