package dev.slipway.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.slipway.schemas.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// What holds in every module, seen from the one that depends on all of them.
@AnalyzeClasses(packages = "dev.slipway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] GENERATED_PACKAGES = {
    "dev.slipway.schemas.context..",
    "dev.slipway.schemas.github..",
    "dev.slipway.schemas.notification..",
    "dev.slipway.schemas.publisher..",
    "dev.slipway.schemas.pullrequest..",
    "dev.slipway.schemas.sandbox..",
    "dev.slipway.schemas.task.."
  };

  private static final Pattern SHELL =
      Pattern.compile(
          ".*(Application|Configuration|Controller|Store|Queries|Codec|Stage|Relay|Worker"
              + "|Properties|View|Cursor|Filter|Trial|Json|Table|Requests|Rows|Act|Attempt|Pruning)(\\$.*)?");

  private static final Set<String> FEATURES_WITH_A_CORE =
      Set.of(
          "dev.slipway.pr.delivery",
          "dev.slipway.pr.observation",
          "dev.slipway.pr.opening",
          "dev.slipway.pr.pullrequest",
          "dev.slipway.pr.reading",
          "dev.slipway.pr.sandbox",
          "dev.slipway.pr.task",
          "dev.slipway.sandbox.sandbox");

  private static final DescribedPredicate<JavaClass> CORE =
      describe(
          "core",
          type ->
              type.getPackageName().equals("dev.slipway.pipeline.core")
                  || (FEATURES_WITH_A_CORE.contains(type.getPackageName())
                      && !SHELL.matcher(type.getName()).matches()));

  @ArchTest
  static final ArchRule CORE_IS_PURE =
      classes()
          .that(CORE)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "java.lang..",
                      "java.util..",
                      "java.time..",
                      "java.math..",
                      "org.jspecify..",
                      // persistent maps: values, as pure as those of java.util
                      "org.pcollections..",
                      "dev.slipway.pipeline.core")
                  .or(CORE)
                  // formulas of ids that follow from others
                  .or(describe("Ids", type -> type.getName().equals(Ids.class.getName())))
                  .or(describe("java.net.URI", type -> type.getName().equals("java.net.URI"))));

  @ArchTest
  static final ArchRule THE_CORE_HAS_NO_CLOCK =
      noClasses()
          .that(CORE)
          .should()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Ids.class, "fresh");

  @ArchTest
  static final ArchRule EVERY_FEATURE_WITH_A_DECIDER_HAS_A_CORE =
      classes()
          .that()
          .haveSimpleNameEndingWith("Decider")
          .should()
          .resideInAnyPackage(
              "dev.slipway.pr.delivery",
              "dev.slipway.pr.opening",
              "dev.slipway.pr.pullrequest",
              "dev.slipway.pr.reading",
              "dev.slipway.pr.sandbox",
              "dev.slipway.pr.task",
              "dev.slipway.sandbox.sandbox",
              "dev.slipway.pipeline.core");

  @ArchTest
  static final ArchRule NOTHING_WAITS_FOR_EVER_OR_BY_THE_CLOCK =
      noClasses()
          .should()
          .callMethod(Mono.class, "block")
          .orShould()
          .callMethod(Flux.class, "blockFirst")
          .orShould()
          .callMethod(Flux.class, "blockLast")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", Duration.class);

  @ArchTest
  static final ArchRule TIME_COMES_FROM_A_CLOCK_AND_IDS_FROM_THEIR_FORMULAS =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(UUID.class, "randomUUID");

  @ArchTest
  static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.slipway.standalone..", "dev.slipway.benchmarks..")
          .should(ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule NO_FIELD_IS_INJECTED =
      noFields()
          .should()
          .beAnnotatedWith(Autowired.class)
          .orShould()
          .beAnnotatedWith(Value.class)
          .orShould()
          .beAnnotatedWith("jakarta.inject.Inject")
          .orShould()
          .beAnnotatedWith("jakarta.annotation.Resource");

  @ArchTest
  static final ArchRule FIELDS_THAT_OTHERS_SEE_ARE_FINAL =
      fields()
          .that()
          .areNotPrivate()
          .and()
          .areDeclaredInClassesThat(not(resideInAnyPackage(GENERATED_PACKAGES)))
          .and()
          .areDeclaredInClassesThat(not(modifier(JavaModifier.PRIVATE)))
          .and()
          .areNotAnnotatedWith("picocli.CommandLine$Option")
          .and()
          .areNotAnnotatedWith("picocli.CommandLine$Parameters")
          .and()
          .areNotAnnotatedWith("picocli.CommandLine$Mixin")
          .and()
          .areNotAnnotatedWith("picocli.CommandLine$Spec")
          .should()
          .beFinal();

  @ArchTest
  static final ArchRule CORE_FIELDS_ARE_FINAL =
      fields().that().areDeclaredInClassesThat(CORE).should().beFinal();

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_CLASS_DOES =
      noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager|Data|Info)(\\$.*)?");

  @ArchTest
  static final ArchRule FEATURES_FORM_NO_CYCLES =
      slices().matching("dev.slipway.(*).(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule SERVICES_DO_NOT_KNOW_EACH_OTHER =
      slices()
          .matching("dev.slipway.(ingress|pr|notifier|sandbox)..")
          .should()
          .notDependOnEachOther()
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule THE_KERNEL_KNOWS_NO_HTTP =
      noClasses()
          .that()
          .resideInAPackage("dev.slipway.pipeline..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.slipway.web..",
              "org.springframework.web..",
              "org.springframework.http..",
              "org.springframework.security..",
              "org.springdoc..",
              "io.swagger..",
              "io.netty.handler.codec.http..",
              "reactor.netty.http..");

  @ArchTest
  static final ArchRule WHAT_SERVICES_SHARE_KNOWS_NO_SERVICE =
      noClasses()
          .that()
          .resideInAnyPackage("dev.slipway.pipeline..", "dev.slipway.web..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.slipway.ingress..",
              "dev.slipway.pr..",
              "dev.slipway.sandbox..",
              "dev.slipway.notifier..");

  @ArchTest
  static final ArchRule ONLY_CODECS_SEE_GENERATED_RECORDS =
      noClasses()
          .that()
          .resideOutsideOfPackages(GENERATED_PACKAGES)
          .and()
          .resideInAnyPackage("dev.slipway.pr..", "dev.slipway.ingress..", "dev.slipway.sandbox..")
          .and()
          // a switch over a generated enum has a class of its own
          .haveNameNotMatching(".*(Codec|Configuration|Trial)(\\$.*)?")
          .should()
          .accessClassesThat(resideInAnyPackage(GENERATED_PACKAGES));

  @ArchTest
  static final ArchRule NOTHING_IS_MOCKED =
      noClasses().should().dependOnClassesThat(resideInAPackage("org.mockito.."));

  @ArchTest
  static final ArchRule PUBLIC_MEANS_USED_FROM_ANOTHER_PACKAGE =
      classes()
          .that()
          .arePublic()
          .and()
          .areTopLevelClasses()
          .and()
          .resideOutsideOfPackages(GENERATED_PACKAGES)
          .and(not(describe("started as a program", ArchitectureTest::isProgram)))
          .and(not(describe("a fixture of other modules' tests", ArchitectureTest::isFixture)))
          .and(not(describe("what features are made with", ArchitectureTest::isForFeatures)))
          .should(beUsedFromAnotherPackage());

  /// The doors and outputs of a stage: the first feature has no use for all of them, and the
  /// kernel's own tests show each. Of the exceptions, patterns are all that `web` needs, which
  /// ArchUnit does not see.
  private static final Set<String> FOR_FEATURES =
      Set.of(
          "CommandCodec",
          "EventDecoder",
          "KeyInUseException",
          "KeyReusedException",
          "LinkedReader",
          "OperationCodec",
          "Operations");

  private static boolean isForFeatures(JavaClass type) {
    return type.getPackageName().equals("dev.slipway.pipeline.stage")
        && FOR_FEATURES.contains(type.getSimpleName());
  }

  private static Stream<JavaClass> nested(JavaClass type) {
    return type.getPackage().getClasses().stream()
        .filter(each -> each.getName().startsWith(type.getName() + "$"));
  }

  private static boolean isProgram(JavaClass type) {
    return type.tryGetMethod("main", String[].class).isPresent();
  }

  private static boolean isFixture(JavaClass type) {
    return type.getPackageName().equals("dev.slipway.embedded")
        && (type.getSimpleName().startsWith("Shared")
            || Set.of("FreePorts", "MigratedSchema", "PrivateHosts")
                .contains(type.getSimpleName()));
  }

  private static ArchCondition<JavaClass> beUsedFromAnotherPackage() {
    return new ArchCondition<>("be used from another package") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean used =
            Stream.concat(Stream.of(type), nested(type))
                .flatMap(each -> each.getDirectDependenciesToSelf().stream())
                .map(dependency -> dependency.getOriginClass().getPackageName())
                .anyMatch(origin -> !origin.equals(type.getPackageName()));
        events.add(
            new SimpleConditionEvent(
                type, used, type.getName() + (used ? " is used" : " is used by no other package")));
      }
    };
  }
}
