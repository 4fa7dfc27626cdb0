package io.appointmentrelay.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What is done to the relay, and when. The same seed and number of kills make the same plan. */
final class Plan {

  /** What ends a round. */
  enum Blow {
    /** kill -9. */
    KILL,
    /** kill -9, and again while it starts. */
    KILL_WHILE_STARTING,
    /** SIGTERM under load, in any weather. */
    TERM,
    /** SIGTERM while nobody answers, or slowly. */
    TERM_WHILE_NOBODY_ANSWERS,
    /** The clock jumps, and goes on from there. */
    CLOCK_JUMP,
    /** The store takes nothing any more for a while. */
    STORE_FULL,
    /** The same, and kill -9 meanwhile. */
    KILL_WHILE_STORE_FULL,
    /** The store's server is restarted. */
    STORE_RESTARTED,
    /** All connections to the store are cut. */
    CONNECTIONS_CUT
  }

  /**
   * One round.
   *
   * @param lives that begin to be told in it
   * @param moment how much of them is answered when the blow comes, from 0 to 1
   * @param lingerMillis between that and the blow
   * @param which of several processes is hit
   * @param clockSeconds for a jump: how far from the right time
   */
  record Round(
      Weather weather,
      Blow blow,
      int lives,
      double moment,
      int lingerMillis,
      int which,
      int clockSeconds) {}

  private static final int[] CLOCKS = {0, 5, -5, 90, -90, 1_200, -1_200, 5_400};

  private Plan() {}

  /**
   * @param hasServer the store is a server's, which can be restarted
   */
  static List<Round> of(long seed, int kills, boolean hasServer) {
    Random random = new Random(seed);
    List<Blow> blows = new ArrayList<>();
    for (int left = kills; left > 0; ) {
      boolean twice = left > 1 && random.nextInt(5) == 0;
      blows.add(twice ? Blow.KILL_WHILE_STARTING : Blow.KILL);
      left -= twice ? 2 : 1;
    }
    add(blows, Blow.TERM, 1 + kills / 10);
    add(blows, Blow.TERM_WHILE_NOBODY_ANSWERS, 1 + kills / 40);
    add(blows, Blow.CLOCK_JUMP, 2 + kills / 10);
    add(blows, Blow.STORE_FULL, 1 + kills / 30);
    if (hasServer) {
      add(blows, Blow.STORE_RESTARTED, 1 + kills / 10);
      add(blows, Blow.CONNECTIONS_CUT, 1 + kills / 10);
    } else {
      add(blows, Blow.KILL_WHILE_STORE_FULL, 1 + kills / 40);
    }
    Collections.shuffle(blows, random);
    return blows.stream().map(blow -> round(blow, random)).toList();
  }

  private static void add(List<Blow> blows, Blow blow, int times) {
    blows.addAll(Collections.nCopies(times, blow));
  }

  private static Weather hard(Random random) {
    return random.nextBoolean() ? Weather.NOBODY_ANSWERS : Weather.EVERYBODY_IS_SLOW;
  }

  private static Round round(Blow blow, Random random) {
    Weather weather = Weather.of(random);
    int linger = random.nextInt(4) == 0 ? random.nextInt(4_000) : random.nextInt(150);
    return new Round(
        blow == Blow.TERM_WHILE_NOBODY_ANSWERS ? hard(random) : weather,
        blow,
        8 + random.nextInt(12),
        random.nextDouble() * 0.8,
        blow == Blow.TERM_WHILE_NOBODY_ANSWERS ? 1_000 : linger,
        random.nextInt(2),
        CLOCKS[random.nextInt(CLOCKS.length)]);
  }
}
