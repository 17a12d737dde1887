package dev.thunderhead.standalone.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {
    @Test
    void fieldsAreFilledInWithOrWithoutSpacesInTheBraces() {
        Template template = Template.parse("a {{color}} {{ product }}, very {{color}}");
        assertThat(template.fields()).containsExactly("color", "product");
        assertThat(template.expand(Map.of("color", "red", "product", "mug")::get))
                .isEqualTo("a red mug, very red");
    }

    @Test
    void aValueWithBracesIsNotExpandedAgain() {
        Template template = Template.parse("{{a}}{{b}}");
        assertThat(template.expand(Map.of("a", "{{b}}", "b", "{{")::get)).isEqualTo("{{b}}{{");
    }

    @Test
    void singleAndClosingBracesAreText() {
        assertThat(Template.parse("{a} }} } {{b}}").expand(name -> "x")).isEqualTo("{a} }} } x");
        assertThat(Template.parse("").expand(name -> "x")).isEmpty();
    }

    @Test
    void whatIsNotClosedOrNamesNothingIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> Template.parse("a {{color"))
                .isInstanceOf(InputException.class)
                .hasMessage("the template's {{ at character 3 is not closed");
        assertThatThrownBy(() -> Template.parse("a {{ }} mug"))
                .isInstanceOf(InputException.class)
                .hasMessage("the template's {{ at character 3 names no column");
        assertThatThrownBy(() -> Template.parse("a {color} mug"))
                .isInstanceOf(InputException.class)
                .hasMessage("the template has a { but names no column: color, for example, is written {{color}}");
    }
}
