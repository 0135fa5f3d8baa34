package io.longspan.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The borders between modules, as docs/architecture.md draws them. */
final class ModuleRulesTest {
    private static final String ATTENTION = "io.longspan.attention";
    private static final String COMPUTE = ATTENTION + ".compute";
    private static final List<String> BACKENDS = List.of("loop", "chunks", "fused", "cuda");

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.longspan");

    @Test
    void theSpiDependsOnTheJdkAndDjlsApiOnly() {
        classes()
                .that()
                .resideInAnyPackage(ATTENTION, COMPUTE, ATTENTION + ".registry")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                "java..",
                                "ai.djl..",
                                "org.jspecify..",
                                ATTENTION,
                                COMPUTE,
                                ATTENTION + ".registry"))
                .check(CLASSES);
    }

    @Test
    void whatAPlugInSharesKnowsNothingOfTheRegistry() {
        noClasses()
                .that()
                .resideInAnyPackage(ATTENTION, COMPUTE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ATTENTION + ".registry")
                .check(CLASSES);
    }

    @Test
    void theCrewThatComputesKnowsNotWhatItComputes() {
        classes()
                .that()
                .resideInAPackage(COMPUTE)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", COMPUTE))
                .check(CLASSES);
    }

    @Test
    void aBackendKnowsTheSpiAndItselfOnly() {
        for (String backend : BACKENDS) {
            String own = ATTENTION + "." + backend;
            classes()
                    .that()
                    .resideInAPackage(own + "..")
                    .should()
                    .onlyDependOnClassesThat(
                            resideInAnyPackage(
                                    "java..",
                                    "jdk.incubator.vector..",
                                    "ai.djl..",
                                    "org.jspecify..",
                                    ATTENTION,
                                    COMPUTE,
                                    own + ".."))
                    .check(CLASSES);
        }
    }

    @Test
    void nobodyImportsABackend() {
        for (String backend : BACKENDS) {
            String own = ATTENTION + "." + backend + "..";
            noClasses()
                    .that()
                    .resideOutsideOfPackage(own)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(own)
                    .check(CLASSES);
        }
    }

    @Test
    void theModelCoreKnowsNeitherTheCommandLineNorTheRegistryNorSpring() {
        noClasses()
                .that()
                .resideInAPackage("io.longspan.model..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.longspan.cli..",
                        ATTENTION + ".registry..",
                        "org.springframework..",
                        "picocli..")
                .check(CLASSES);
    }

    @Test
    void corpusFormatAndTrainingKnowNoSpringAndNoStore() {
        noClasses()
                .that()
                .resideInAnyPackage("io.longspan.corpus..", "io.longspan.training..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "io.longspan.store..",
                        ATTENTION + ".registry..",
                        "picocli..")
                .check(CLASSES);
    }

    @Test
    void theStoreKnowsNobodyWhoUsesIt() {
        noClasses()
                .that()
                .resideInAPackage("io.longspan.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.longspan.model..",
                        "io.longspan.training..",
                        "io.longspan.ingest..",
                        "io.longspan.serving..",
                        "io.longspan.admin..",
                        "io.longspan.api..",
                        "org.springframework.boot..")
                .check(CLASSES);
    }

    /** Work goes through the store: whoever asks for it never calls who does it. */
    @Test
    void rolesKnowEachOtherOnlyThroughTheStore() {
        List<String> roles = List.of("ingest", "serving", "admin");
        for (String role : roles) {
            noClasses()
                    .that()
                    .resideInAPackage("io.longspan." + role + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            roles.stream()
                                    .filter(other -> !other.equals(role))
                                    .map(other -> "io.longspan." + other + "..")
                                    .toArray(String[]::new))
                    .orShould()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.longspan.training..", "io.longspan.cli..")
                    .check(CLASSES);
        }
    }

    @Test
    void packagesOfTheLauncherFormNoCycle() {
        slices().matching("io.longspan.cli.(*)..").should().beFreeOfCycles().check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage("io.longspan.cli.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.longspan.cli")
                .check(CLASSES);
    }

    @Test
    void servicesAreLookedUpInTheRegistryOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ATTENTION + ".registry")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ServiceLoader.class)
                .check(CLASSES);
    }

    @Test
    void thereIsNoStaticMutableState() {
        fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat()
                .resideInAPackage("io.longspan..")
                // Written by the generators of gRPC and JMH.
                .and()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackages("io.longspan.api.v1..", "..jmh_generated..")
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CLASSES);
    }

    @Test
    void packagesOfTheModelCoreFormNoCycle() {
        slices().matching("io.longspan.model.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void packagesOfTrainingFormNoCycle() {
        slices().matching("io.longspan.training.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theRulesSawEveryModule() {
        for (String backend : BACKENDS) {
            assertThat(
                            CLASSES.stream()
                                    .anyMatch(c ->
                                            c.getPackageName()
                                                    .startsWith(ATTENTION + "." + backend)))
                    .as(backend)
                    .isTrue();
        }
        for (String module :
                List.of(
                        "model",
                        "corpus",
                        "training",
                        "api",
                        "store",
                        "ingest",
                        "serving",
                        "admin")) {
            assertThat(
                            CLASSES.stream()
                                    .anyMatch(c ->
                                            c.getPackageName().startsWith("io.longspan." + module)))
                    .as(module)
                    .isTrue();
        }
    }
}
