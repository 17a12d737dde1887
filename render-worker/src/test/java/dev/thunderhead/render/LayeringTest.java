package dev.thunderhead.render;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.thunderhead.render", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
    @ArchTest
    static final ArchRule inferenceAndEncodingKnowNeitherQueueNorStore = noClasses()
            .that()
            .resideInAnyPackage("dev.thunderhead.render.pipeline..", "dev.thunderhead.render.encode..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..",
                    "io.minio..",
                    "okhttp3..",
                    "dev.thunderhead.render.work..",
                    "dev.thunderhead.frontend..");

    @ArchTest
    static final ArchRule inferenceDoesNotKnowTheFilesThatAreMadeOfPictures = noClasses()
            .that()
            .resideInAPackage("dev.thunderhead.render.pipeline..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.thunderhead.render.encode..", "dev.thunderhead.render");

    @ArchTest
    static final ArchRule packagesDoNotDependOnEachOtherInCircles =
            slices().matching("dev.thunderhead.render.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyThePipelineKnowsTheRuntime = noClasses()
            .that()
            .resideOutsideOfPackage("dev.thunderhead.render.pipeline..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.onnxruntime..");
}
