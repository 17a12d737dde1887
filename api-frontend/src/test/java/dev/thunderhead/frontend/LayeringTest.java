package dev.thunderhead.frontend;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.thunderhead.frontend", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
    private static final String ROOT = "dev.thunderhead.frontend";

    @ArchTest
    static final ArchRule theFrontendDoesNotKnowTheWorkerNorTheAllInOne = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.thunderhead.render..", "dev.thunderhead.backing..", "dev.thunderhead.standalone..");

    @ArchTest
    static final ArchRule onlyTheQueueKnowsKafkaClients = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".queue")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule onlyTheEndpointsAndTheClientOfReceiversKnowVertx = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".http", ROOT + ".webhook.client", ROOT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx..");

    @ArchTest
    static final ArchRule theStoresClientIsKnownToNobody =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("io.minio..", "okhttp3..");

    @ArchTest
    static final ArchRule whatIsAskedForDoesNotDependOnHowItIsDone = classes()
            .that()
            .resideInAnyPackage(ROOT + ".request", ROOT + ".catalog", ROOT + ".error", ROOT + ".account")
            .should()
            .onlyDependOnClassesThat()
            .resideOutsideOfPackages(ROOT + ".http", ROOT + ".queue", ROOT + ".job", ROOT + ".media");

    @ArchTest
    static final ArchRule jobsDoNotKnowHowTheyTravel = noClasses()
            .that()
            .resideInAPackage(ROOT + ".job")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + ".http", ROOT + ".queue", "dev.thunderhead.kafka..");

    @ArchTest
    static final ArchRule theEndpointsAreAtTheTop = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".http", ROOT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".http");

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();
}
