package dev.thunderhead.backing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.thunderhead.backing", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
    private static final DescribedPredicate<JavaClass> THE_REST_OF_THUNDERHEAD = JavaClass.Predicates.resideInAPackage(
                    "dev.thunderhead..")
            .and(JavaClass.Predicates.resideOutsideOfPackage("dev.thunderhead.backing.."))
            .as("the rest of Thunderhead");

    @ArchTest
    static final ArchRule brokerAndStoreKnowNothingOfWhatTheyBack =
            noClasses().should().dependOnClassesThat(THE_REST_OF_THUNDERHEAD);
}
