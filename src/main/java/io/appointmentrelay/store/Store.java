package io.appointmentrelay.store;

import io.appointmentrelay.appointment.AppointmentRecord;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The opened store: schema up to date, one writer running. */
public final class Store implements AutoCloseable {

  private final Database database;
  private final GroupCommit commits;
  private final Readers readers;
  private final InboxStore inbox;
  private final OutboxStore outbox;
  private final RecipientStore recipients;
  private final UncertainStore uncertain;
  private final BrakeStore brake;
  private final ReplanStore replans;
  private final SubscriptionStore subscriptions;
  private final PollStore polls;
  private final ReconciliationStore reconciliations;
  private final SilenceStore silences;
  private final ReplyStore replies;
  private final AccessStore accesses;
  private final KeyRotation rotation;
  private final PurgeStore purges;
  private final ErasureStore erasures;
  private final Seal seal;
  private final String installation;
  private final String replyKey;
  private final @Nullable ScheduledExecutorService pulse;

  private Store(Database database, Clock clock, Duration rebookWindow, boolean works) {
    this.database = database;
    this.seal = database.seal();
    this.commits = new GroupCommit(database);
    this.readers = new Readers(database);
    Ids ids = commits.ids();
    RecipientCode code;
    try {
      agree(commits, seal, works);
      commits.submit(ids::load).join();
      code =
          new RecipientCode(
              commits.submit(statements -> Installation.recipientKey(statements, seal)).join());
      this.installation = commits.submit(Installation::id).join();
      this.replyKey = commits.submit(statements -> Installation.replyKey(statements, seal)).join();
    } catch (CompletionException | WrongStoreKey e) {
      commits.submit(commits.crew()::leave);
      commits.close();
      readers.close();
      if (e instanceof WrongStoreKey wrong) {
        throw wrong;
      }
      if (e.getCause() instanceof WrongStoreKey wrong) {
        throw wrong;
      }
      throw new StoreUnavailable(
          "The store must be writable at the start, and is not. Check the space and the rights of relay.data-dir, or the server and relay.store.*.",
          e);
    }
    this.pulse = works && database.isShared() ? pulse(commits) : null;
    this.inbox = new InboxStore(commits, readers, clock, rebookWindow, seal, code);
    this.outbox = new OutboxStore(commits, readers, ids, code, seal);
    this.brake = new BrakeStore(commits, readers);
    this.recipients = new RecipientStore(commits, readers, code, seal);
    this.uncertain = new UncertainStore(commits, readers, seal);
    this.replans = new ReplanStore(commits, readers, ids, seal);
    this.accesses = new AccessStore(commits);
    this.rotation = new KeyRotation(commits, readers, database);
    this.purges = new PurgeStore(commits, readers, database, seal);
    this.erasures = new ErasureStore(commits, readers, database, code);
    this.subscriptions = new SubscriptionStore(commits, readers);
    this.polls = new PollStore(commits, readers, seal);
    this.reconciliations = new ReconciliationStore(commits, readers);
    this.silences = new SilenceStore(commits, readers);
    this.replies = new ReplyStore(readers, code, seal);
  }

  /**
   * Agrees with the store and with the relays that run on it about the keys. One that was killed is
   * waited for until it no longer counts as living.
   *
   * @throws WrongStoreKey if there is no agreement; nothing was changed
   */
  private static void agree(GroupCommit commits, Seal seal, boolean works) {
    awaitThoseWhoCannotRead(commits, seal);
    if (works) {
      commits.crew().work();
    }
    // From here on others see us: of two that start at once, one sees the other.
    boolean agreed =
        commits
            .submit(
                statements ->
                    commits.crew().cannotReadEachOther(statements) == 0
                        && Installation.agreeOn(statements, seal))
            .join();
    if (!agreed) {
      throw WrongStoreKey.elsewhere(String.valueOf(seal.writesWith()));
    }
  }

  private static void awaitThoseWhoCannotRead(GroupCommit commits, Seal seal) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Crew.LIVES_MILLIS + 500);
    while (System.nanoTime() - deadline < 0) {
      boolean anyApart =
          commits
              .submit(
                  statements -> {
                    Installation.mustOpen(statements, seal);
                    return commits.crew().cannotReadEachOther(statements) > 0;
                  })
              .join();
      if (!anyApart) {
        return;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(250);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoreUnavailable("The relay stops");
      }
    }
  }

  /** Who has nothing to write says that it lives, too. */
  private static ScheduledExecutorService pulse(GroupCommit commits) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "store-pulse");
              thread.setDaemon(true);
              return thread;
            });
    timer.scheduleWithFixedDelay(
        () -> commits.submitFirst(statements -> true), 500, 500, TimeUnit.MILLISECONDS);
    return timer;
  }

  /** Migrates and opens. */
  public static Store open(Database database, Clock clock) {
    return open(database, clock, Duration.ZERO);
  }

  /**
   * Migrates and opens.
   *
   * @param rebookWindow how soon after one another a cancellation and a booking are told as one
   *     move; zero: never
   */
  public static Store open(Database database, Clock clock, Duration rebookWindow) {
    return open(database, clock, rebookWindow, true);
  }

  /** Migrates and opens for a single change, by who takes no part in the work. */
  public static Store openBeside(Database database, Clock clock) {
    return open(database, clock, Duration.ZERO, false);
  }

  /** From here on the database is the store's, also when it cannot be opened. */
  private static Store open(
      Database database, Clock clock, Duration rebookWindow, boolean takesPart) {
    try {
      database.migrate();
      return new Store(database, clock, rebookWindow, takesPart);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  public InboxStore inbox() {
    return inbox;
  }

  public OutboxStore outbox() {
    return outbox;
  }

  public BrakeStore brake() {
    return brake;
  }

  public RecipientStore recipients() {
    return recipients;
  }

  /** Deliveries of which nobody knows whether they left. */
  public UncertainStore uncertain() {
    return uncertain;
  }

  /** What the routes in force would change among what waits. */
  public ReplanStore replans() {
    return replans;
  }

  /** Who saw what of patients. */
  public AccessStore accesses() {
    return accesses;
  }

  /** Seals everything with another key. */
  public KeyRotation rotation() {
    return rotation;
  }

  /** Takes away what was kept long enough. */
  public PurgeStore purges() {
    return purges;
  }

  /** Takes away everything about one patient. */
  public ErasureStore erasures() {
    return erasures;
  }

  /** How far what subscriptions tell is known. */
  public SubscriptionStore subscriptions() {
    return subscriptions;
  }

  /** How far the sources that are asked have been asked. */
  public PollStore polls() {
    return polls;
  }

  /** What sources' FHIR servers have, held against what is known. */
  public ReconciliationStore reconciliations() {
    return reconciliations;
  }

  /** How much sources usually say, and when they fell silent. */
  public SilenceStore silences() {
    return silences;
  }

  /** What is known of an appointment. */
  public Optional<AppointmentRecord> appointment(String group, String identifier) {
    return readers.query(
        "SELECT state FROM appointment WHERE feed_group = ? AND identifier = ?",
        rows ->
            rows.next()
                ? Optional.of(
                    seal.read(
                        rows.getString(1), AppointmentRecord.class, Place.state(group, identifier)))
                : Optional.empty(),
        group,
        identifier);
  }

  /** What patients were asked. */
  public ReplyStore replies() {
    return replies;
  }

  /** What links in messages are signed with where no setting says otherwise. */
  public String replyKey() {
    return replyKey;
  }

  /** Whether any of these sources has told of slots that are kept. */
  public boolean tellsOfSlots(Collection<String> sources) {
    return sources.stream()
        .anyMatch(
            source ->
                readers.query(
                    "SELECT 1 FROM slot WHERE source = ? LIMIT 1", ResultSet::next, source));
  }

  /** The id of this installation, the same for ever. */
  public String installation() {
    return installation;
  }

  /** How many writes wait for the writer: a measure of how far behind the store is. */
  public int writesWaiting() {
    return commits.waiting();
  }

  /**
   * Writes nothing, but as every write does: fails with {@link StoreUnavailable} when the store
   * cannot write.
   */
  public void probe() {
    commits
        .submit(
            statements ->
                statements.update(
                    "INSERT INTO installation (name, value) VALUES ('probe', '') ON CONFLICT (name) DO UPDATE SET value = ''"))
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  @Override
  public void close() {
    if (pulse != null) {
      pulse.shutdownNow();
      commits.submitLast(commits.crew()::leave);
    }
    commits.close();
    readers.close();
    database.close();
  }
}
