package dev.thunderhead.render.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.model.ImageSize;
import java.io.ByteArrayInputStream;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class XmpTest {
    @Test
    void saysThatAModelMadeThePictureAndHowToRepeatIt() throws Exception {
        Element description = parse(Optional.empty());

        assertThat(description.getAttributeNS(Xmp.IPTC_NAMESPACE, "DigitalSourceType"))
                .isEqualTo("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia");
        assertThat(own(description, "model")).isEqualTo("a/model.x");
        assertThat(own(description, "build")).isEqualTo("b1");
        assertThat(own(description, "seed")).isEqualTo("-5");
        assertThat(own(description, "steps")).isEqualTo("8");
        assertThat(own(description, "size")).isEqualTo("640x480");
        assertThat(description.hasAttributeNS(Xmp.NAMESPACE, "prompt")).isFalse();
    }

    @Test
    void keepsAnyPromptThatXmlCanHold() throws Exception {
        String prompt = "<b>\"a\" & 'b'</b> ]]> <?x?> line\nbreak\ttab\rreturn 猫 🐱 é %s $1 \uFFFD";
        assertThat(own(parse(Optional.of(prompt)), "prompt")).isEqualTo(prompt);
    }

    @Test
    void leavesOutWhatXmlCannotHold() throws Exception {
        assertThat(own(parse(Optional.of("a\u0000b\u001b[1mc\uFFFFd\uD800e\uDC00f")), "prompt"))
                .isEqualTo("ab[1mcdef");
    }

    private static Element parse(Optional<String> prompt) throws Exception {
        Provenance provenance = new Provenance("a/model.x", "b1", -5, 8, new ImageSize(640, 480), prompt);
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        var document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(Xmp.packet(provenance)));
        return (Element) document.getElementsByTagNameNS("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "Description")
                .item(0);
    }

    private static String own(Element description, String property) {
        return description.getAttributeNS(Xmp.NAMESPACE, property);
    }
}
