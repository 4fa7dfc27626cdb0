package io.appointmentrelay.faults;

import java.util.Random;

/** How the other ends are for a while. */
record Weather(Mail mail, Sms sms, Hook hook, Fhir fhir) {

  enum Mail {
    FAIR,
    REFUSES,
    HANGS,
    IS_SLOW,
    GREETS_421,
    SAYS_451_THEN_550,
    DROPS_AFTER_DATA
  }

  enum Sms {
    FAIR,
    SAYS_429,
    SAYS_500,
    TAKES_AND_HANGS
  }

  enum Hook {
    FAIR,
    SAYS_503,
    TAKES_AND_HANGS
  }

  enum Fhir {
    FAIR,
    SAYS_503,
    HANGS,
    IS_SLOW,
    CLOSES
  }

  static final Weather FAIR = new Weather(Mail.FAIR, Sms.FAIR, Hook.FAIR, Fhir.FAIR);

  /** Just not slow enough to be given up. */
  static final Weather EVERYBODY_IS_SLOW =
      new Weather(Mail.IS_SLOW, Sms.TAKES_AND_HANGS, Hook.TAKES_AND_HANGS, Fhir.IS_SLOW);

  /** What makes a stop hard: nobody answers. */
  static final Weather NOBODY_ANSWERS =
      new Weather(Mail.HANGS, Sms.TAKES_AND_HANGS, Hook.TAKES_AND_HANGS, Fhir.HANGS);

  /** Each end is fair half of the time. */
  static Weather of(Random random) {
    return new Weather(
        one(random, Mail.values()),
        one(random, Sms.values()),
        one(random, Hook.values()),
        one(random, Fhir.values()));
  }

  private static <T> T one(Random random, T[] all) {
    return random.nextBoolean() ? all[0] : all[1 + random.nextInt(all.length - 1)];
  }
}
