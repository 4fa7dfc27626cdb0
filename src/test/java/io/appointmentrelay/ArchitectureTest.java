package io.appointmentrelay;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toUnmodifiableSet;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Set;
import org.hl7.fhir.r4.model.ResourceType;

/**
 * Which room may know which (docs/adr, ARCHITECTURE §2). A rule that fails says what to do instead.
 */
@AnalyzeClasses(packages = "io.appointmentrelay", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String US = "io.appointmentrelay";
  private static final String APPOINTMENT = US + ".appointment..";
  private static final String INTAKE = US + ".intake..";
  private static final String ENRICHMENT = US + ".enrichment..";
  private static final String MESSAGING = US + ".messaging..";
  private static final String STORE = US + ".store..";
  private static final String SETTINGS = US + ".settings..";

  private static final String[] THE_JAVA_LIBRARY = {
    "java.lang..",
    "java.math..",
    "java.net..",
    "java.nio..",
    "java.io..",
    "java.text..",
    "java.time..",
    "java.util..",
    "java.security.."
  };
  private static final String JSPECIFY = "org.jspecify.annotations..";

  /**
   * The word of {@code timeline:<claim>}, and a query's parameters: no one takes them for FHIR's.
   */
  private static final Set<String> OURS_ALL_THE_SAME = Set.of("Claim", "Parameters");

  private static final Set<String> FHIR_RESOURCES =
      Arrays.stream(ResourceType.values())
          .map(Enum::name)
          .filter(name -> !OURS_ALL_THE_SAME.contains(name))
          .collect(toUnmodifiableSet());

  @ArchTest
  static final ArchRule THE_WORDS_EVERYONE_SPEAKS_NEED_NOBODY =
      classes()
          .that()
          .resideInAPackage(APPOINTMENT)
          .should()
          .onlyDependOnClassesThat(inJavaAnd(APPOINTMENT))
          .because(
              "every rule of appointment/ is read and tested alone: pass values in, and let the room"
                  + " that needs a library, a clock or the store do that part");

  @ArchTest static final ArchRule READERS_KNOW_ONLY_THE_WORDS = ownRoomKnowsOnlyTheWords(INTAKE);

  @ArchTest
  static final ArchRule ENRICHMENT_KNOWS_WORDS_READERS_AND_SETTINGS =
      noClasses()
          .that()
          .resideInAPackage(ENRICHMENT)
          .should()
          .dependOnClassesThat(
              resideInAPackage(US + "..")
                  .and(DescribedPredicate.not(in(ENRICHMENT, APPOINTMENT, INTAKE, SETTINGS))))
          .because(
              "a look-up turns a notice into one with more known: it reads FHIR as intake does, and"
                  + " leaves comparing, storing and sending to others");

  @ArchTest
  static final ArchRule MESSAGING_KNOWS_ONLY_THE_WORDS = ownRoomKnowsOnlyTheWords(MESSAGING);

  @ArchTest static final ArchRule THE_STORE_KNOWS_ONLY_THE_WORDS = ownRoomKnowsOnlyTheWords(STORE);

  @ArchTest
  static final ArchRule SETTINGS_ARE_PLAIN_JAVA =
      classes()
          .that()
          .resideInAPackage(SETTINGS)
          .should()
          .onlyDependOnClassesThat(inJavaAnd(SETTINGS))
          .because(
              "settings are read before anything is there: give the room that needs them a value"
                  + " of its own kind, made from Settings by Application");

  @ArchTest
  static final ArchRule CAMEL_STAYS_IN_ITS_ROOMS =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              US,
              US + ".inbox..",
              US + ".outbox..",
              US + ".timeline..",
              ENRICHMENT,
              US + ".polling..",
              US + ".door..",
              US + ".reply..",
              US + ".console..",
              US + ".sandbox..",
              US + ".routes..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.camel..")
          .because(
              "rules and readers are tested without Camel: write a plain method, and call it from a"
                  + " component or a bean of one of Camel's rooms");

  @ArchTest
  static final ArchRule SQL_STAYS_IN_THE_STORE =
      noClasses()
          .that()
          .resideOutsideOfPackage(STORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.sql..",
              "javax.sql..",
              "com.zaxxer..",
              "org.flywaydb..",
              "org.jdbi..",
              "org.sqlite..",
              "org.postgresql..")
          .because(
              "store/ is the one place that knows SQL: give it a method that is named after the"
                  + " question, and ask that");

  @ArchTest
  static final ArchRule NOTHING_IS_DESERIALISED_BY_JAVA =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream")
          .because(
              "bytes from outside would choose classes to run: read JSON into records instead");

  @ArchTest
  static final ArchRule HAPI_STAYS_WHERE_FHIR_IS_READ =
      noClasses()
          .that()
          .resideOutsideOfPackages(INTAKE, ENRICHMENT, US + ".fhir..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ca.uhn.fhir..", "ca.uhn.hapi..", "org.hl7.fhir..")
          .because(
              "HAPI costs a second at its first use and speaks FHIR, not our words: read in intake/"
                  + " or enrichment/, and hand on an AppointmentNotice or a PatientProfile; what is"
                  + " answered in FHIR is written in fhir/");

  @ArchTest
  static final ArchRule NO_CLASS_OF_OURS_HAS_THE_NAME_OF_A_FHIR_RESOURCE =
      noClasses()
          .that()
          .resideOutsideOfPackage(STORE)
          .should(be(namedLikeAFhirResource()))
          .because(
              "a reader must know whose Appointment is meant: name ours by its role, such as"
                  + " AppointmentRecord, PatientProfile or OfferedSlot");

  @ArchTest
  static final ArchRule ROOMS_DO_NOT_GO_IN_CIRCLES =
      slices()
          .matching(US + ".(*)..")
          .should()
          .beFreeOfCycles()
          .because(
              "rooms know each other one way: move what both need to the lower room, or let the"
                  + " lower room ask for an interface that the higher one implements");

  @ArchTest
  static final ArchRule NOBODY_KNOWS_WHO_STARTS_THEM =
      noClasses()
          .that()
          .resideOutsideOfPackage(US)
          .should()
          .dependOnClassesThat(resideInAPackage(US))
          .because("Application puts the rooms together: take what you need as a parameter");

  /** The room itself, the words, and any library that is not another room's. */
  private static ArchRule ownRoomKnowsOnlyTheWords(String room) {
    return noClasses()
        .that()
        .resideInAPackage(room)
        .should()
        .dependOnClassesThat(
            resideInAPackage(US + "..").and(DescribedPredicate.not(in(room, APPOINTMENT))))
        .allowEmptyShould(true)
        .because(
            "the room can be taken out or tested alone: speak in the words of appointment/, take"
                + " other things as parameters, and let a component of inbox/, outbox/ or timeline/"
                + " bring two rooms together");
  }

  private static DescribedPredicate<JavaClass> namedLikeAFhirResource() {
    return describe(
        "named like a FHIR R4 resource", type -> FHIR_RESOURCES.contains(type.getSimpleName()));
  }

  private static DescribedPredicate<JavaClass> inJavaAnd(String room) {
    return in(THE_JAVA_LIBRARY).or(in(JSPECIFY, room)).as("the Java library or " + room);
  }

  private static DescribedPredicate<JavaClass> in(String... packages) {
    return resideInAnyPackage(packages);
  }
}
