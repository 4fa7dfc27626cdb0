package io.appointmentrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.appointmentrelay.faults.Plan.Round;
import io.appointmentrelay.process.Finished;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that can happen, again and again, under load; then what was accepted has been told
 * once, or not, with a reason. Slow: only {@code mvn -Pfaults verify} runs it.
 */
@Timeout(value = 25, unit = TimeUnit.MINUTES)
class FaultsIT {

  private static final int KILLS = Integer.getInteger("faults.kills", 100);
  private static final long SEED =
      Long.getLong("faults.seed", System.currentTimeMillis() % 1_000_000);

  @TempDir private Path directory;

  @Test
  void nothingIsLostOnSqlite() throws Exception {
    try (Site site = SmallDisk.in(directory)) {
      nothingIsLost("SQLite", site, Plan.of(SEED, KILLS * 7 / 10, false));
    }
  }

  @Test
  void nothingIsLostOnPostgresqlByTwoProcesses() throws Exception {
    try (Site site = PostgresServer.start()) {
      nothingIsLost("PostgreSQL", site, Plan.of(SEED, KILLS - KILLS * 7 / 10, true));
    }
  }

  private void nothingIsLost(String where, Site site, List<Round> plan) throws Exception {
    System.out.printf(
        "Faults on %s: repeat this plan with -Dfaults.seed=%d -Dfaults.kills=%d%n",
        where, SEED, KILLS);
    try (Campaign campaign = new Campaign(directory, site, SEED)) {
      try {
        campaign.carryOut(plan);
        List<String> discrepancies = campaign.reckoning().discrepancies();
        Finished audit = campaign.audit();

        assertThat(audit.status()).as(audit.printed()).isZero();
        assertThat(discrepancies).isEmpty();
      } finally {
        System.out.printf(
            "Faults on %s, seed %d:%n| what | how often |%n|---|---|%n%s",
            where, SEED, campaign.tally().table());
      }
    }
  }
}
