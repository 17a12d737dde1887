package dev.thunderhead;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.thunderhead",
        importOptions = {ImportOption.DoNotIncludeTests.class, LayeringTest.OnlyThisModule.class})
class LayeringTest {
    static final class OnlyThisModule implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/backing");
        }
    }

    /** What travels is described without the means it travels by. */
    @ArchTest
    static final ArchRule recordsKnowOnlyJson = classes()
            .that()
            .resideInAnyPackage("..model..", "..job..", "..wire..", "..config..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "com.fasterxml.jackson..",
                    "org.jspecify..",
                    "dev.thunderhead.model..",
                    "dev.thunderhead.job..",
                    "dev.thunderhead.wire..",
                    "dev.thunderhead.config..");

    @ArchTest
    static final ArchRule kafkaIsReachedFromOnePackage = noClasses()
            .that()
            .resideOutsideOfPackage("..kafka..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule s3IsReachedFromOnePackage = noClasses()
            .that()
            .resideOutsideOfPackage("..storage..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.minio..", "okhttp3..");

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("dev.thunderhead.(*)..").should().beFreeOfCycles();
}
