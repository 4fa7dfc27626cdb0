package io.appointmentrelay;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.appointmentrelay.appointment.EhrQuestion;
import io.appointmentrelay.appointment.OtherEndUnavailable;
import java.time.Instant;
import java.util.Set;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class RedoxByRoutesTest {

  /** The console answers while the relay starts, reloads and stops. */
  @Test
  void whoAsksBeforeTheRoutesAreInForceIsToldToAskAgain() throws Exception {
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      context.getComponent("direct", DirectComponent.class).setTimeout(50);
      context.start();
      RedoxByRoutes redox = new RedoxByRoutes(Set.of("s"), () -> context);
      EhrQuestion question =
          new EhrQuestion("s", Instant.EPOCH, Instant.EPOCH.plusSeconds(60), null, null, null);

      assertThatThrownBy(() -> redox.slots(question))
          .isInstanceOf(OtherEndUnavailable.class)
          .hasMessageContaining("found it starting")
          .hasMessageContaining("ask again");
    }
  }
}
