package io.appointmentrelay.intake.fhir;

import io.appointmentrelay.appointment.ContactPerson.Relation;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what somebody is to a patient, from HL7's RoleCode or in words. In doubt nothing: an
 * emergency contact or a next of kin does not act for the patient.
 */
public final class Relationship {

  // HL7 v3 RoleCode.
  private static final Set<String> GUARDIAN_CODES = Set.of("GUARD", "POWATT", "HPOWATT", "DPOWATT");
  private static final Set<String> PARENT_CODES =
      Set.of(
          "PRN", "MTH", "FTH", "NPRN", "NMTH", "NFTH", "GESTM", "STPPRN", "STPMTH", "STPFTH",
          "PRNFOST", "MTHFOST", "FTHFOST", "ADOPTP", "ADOPTF", "ADOPTM");

  private static final Pattern GUARDIAN =
      Pattern.compile("\\b(guardian|conservator|power of attorney)\\b");
  private static final Pattern PARENT =
      Pattern.compile("\\b(step|foster|adoptive )?(mother|father|parent)\\b(?!.?in.law)");

  private Relationship() {}

  /** What a code or a word says; empty: nobody who acts for the patient. */
  public static Optional<Relation> of(String said) {
    String code = said.strip();
    String words = code.toLowerCase(Locale.ROOT);
    if (GUARDIAN_CODES.contains(code) || GUARDIAN.matcher(words).find()) {
      return Optional.of(Relation.GUARDIAN);
    }
    boolean isParent = PARENT_CODES.contains(code) || PARENT.matcher(words).find();
    return isParent ? Optional.of(Relation.PARENT) : Optional.empty();
  }

  /** The one that weighs most among several. */
  public static Optional<Relation> among(Iterable<String> said) {
    Optional<Relation> found = Optional.empty();
    for (String one : said) {
      Optional<Relation> relation = of(one);
      boolean weighsMore =
          relation.isPresent() && (found.isEmpty() || relation.get().compareTo(found.get()) < 0);
      found = weighsMore ? relation : found;
    }
    return found;
  }
}
