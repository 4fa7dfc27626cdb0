package io.appointmentrelay.routes;

import io.appointmentrelay.messaging.BrokenTexts;
import io.appointmentrelay.messaging.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes and texts in force. A saved change, addition or removal is rehearsed as a whole with
 * everything else and then takes the place of what it changes; if the rehearsal fails, all stays as
 * it was and the log says why.
 */
public final class Routes implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
  private static final long LOOK_EVERY_MILLIS = 500;

  private final Path directory;
  private final RoutesInForce which;
  private final CamelContext context;
  private final Surroundings surroundings;
  private final Texts texts;
  private final LoadedRoutes loaded;
  private final ScheduledExecutorService watcher =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "routes-watcher");
            thread.setDaemon(true);
            return thread;
          });
  private RouteFiles inForce;
  private Map<String, String> seen;
  private Map<String, String> handled;

  private Routes(
      Path directory,
      RoutesInForce which,
      CamelContext context,
      Surroundings surroundings,
      Texts texts) {
    this.directory = directory;
    this.which = which;
    this.context = context;
    this.surroundings = surroundings;
    this.texts = texts;
    this.loaded = new LoadedRoutes(context);
    this.inForce = RouteFiles.read(directory, which);
    this.seen = fingerprint();
    this.handled = seen;
  }

  /**
   * Loads all route files into a context that is not started yet.
   *
   * @throws BrokenRoutes naming the file that does not hold
   */
  public static Routes load(
      Path directory,
      RoutesInForce which,
      CamelContext context,
      Surroundings surroundings,
      Texts texts) {
    Routes routes = new Routes(directory, which, context, surroundings, texts);
    surroundings.furnish(context, texts);
    routes.loaded.load(routes.inForce, routes.inForce.files().keySet());
    return routes;
  }

  /** From now on looks for changes, twice a second. */
  public void watch() {
    watcher.scheduleWithFixedDelay(
        this::look, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      Map<String, String> now = fingerprint();
      boolean settled = now.equals(seen);
      seen = now;
      if (settled && !now.equals(handled)) {
        handled = now;
        reload();
      }
    } catch (BrokenRoutes | BrokenTexts e) {
      LOG.error("Not in force: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("Looking for changed routes failed; the routes in force stay as they are", e);
    }
  }

  /**
   * Which files there are, and when and how large they were saved: half-written ones change again.
   */
  private Map<String, String> fingerprint() {
    Map<String, String> files = new TreeMap<>();
    try {
      for (Path path : RouteFiles.below(directory)) {
        files.put(path.toString(), Files.getLastModifiedTime(path) + " " + Files.size(path));
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      // A file that vanishes while it is looked at: the next look sees the directory as it is then.
      files.put("changing", String.valueOf(System.nanoTime()));
    }
    return files;
  }

  private void reload() {
    RouteFiles wanted = RouteFiles.read(directory, which);
    Texts candidate = texts.candidate();
    Rehearsal.of(wanted, surroundings, candidate);
    texts.reload();
    swap(wanted);
  }

  private void swap(RouteFiles wanted) {
    Set<String> changed = new TreeSet<>();
    Set<String> all = new TreeSet<>(wanted.files().keySet());
    all.addAll(inForce.files().keySet());
    for (String name : all) {
      String before = inForce.files().get(name);
      String after = wanted.files().get(name);
      if (before == null || !before.equals(after)) {
        changed.add(name);
      }
    }
    boolean concernsAll =
        changed.stream().anyMatch(name -> inForce.isShared(name) || wanted.isShared(name));
    Set<String> replaced = concernsAll ? all : changed;
    Set<String> old = new TreeSet<>(replaced);
    old.retainAll(inForce.files().keySet());
    Set<String> fresh = new TreeSet<>(replaced);
    fresh.retainAll(wanted.files().keySet());
    loaded.unload(inForce, old);
    try {
      loaded.load(wanted, fresh);
    } catch (BrokenRoutes e) {
      LOG.error("Taking the old routes back: {}", e.getMessage());
      loaded.unload(wanted, fresh);
      loaded.load(inForce, old);
      return;
    }
    inForce = wanted;
    LOG.info(
        "In force: {} route files, {} of them changed {}, and the texts as saved. What waits already keeps its plan: the"
            + " command replan shows what would differ",
        wanted.files().size(),
        changed.size(),
        changed);
  }

  /** The routes of the context, for those who ask what is in force. */
  public int count() {
    return context.getRoutesSize();
  }

  @Override
  public void close() {
    watcher.shutdownNow();
  }
}
