package io.appointmentrelay.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchParametersTest {

  private static SearchParameters asked(String name, String... values) {
    return new SearchParameters(
        new FhirQuestion("http://x/fhir", Map.of(name, List.of(values)), false), Set.of("status"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"200", "201", "1000000000", "2147483647"})
  void noPageIsLargerThanItMayBe(String count) {
    assertThat(asked("_count", count).page(200).limit()).isEqualTo(200);
  }

  @Test
  void asManyValuesAsNobodyMeansAreRefused() {
    String[] many = new String[51];
    java.util.Arrays.fill(many, "booked");

    assertThatThrownBy(() -> asked("status", many))
        .isInstanceOf(FhirRefusal.class)
        .hasMessageNotContaining("booked");
    assertThatThrownBy(() -> asked("status", "x".repeat(1_001))).isInstanceOf(FhirRefusal.class);
    assertThat(asked("status", "x".repeat(1_000)).one("status")).hasSize(1_000);
  }

  @Test
  void aLinkToTheNextPageAsksTheSameWhateverIsInIt() {
    String link = asked("status", "a&_count=9#x y|+%").link("Appointment", "a&b");

    assertThat(link)
        .isEqualTo("http://x/fhir/Appointment?status=a%26_count%3D9%23x+y%7C%2B%25&_page=a%26b");
  }
}
