package dev.thunderhead.render.encode;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Provenance as an XMP packet (ISO 16684-1). IPTC's digital source type says that a trained model made the picture,
 * which is where search engines and editors look; the rest is in a namespace of Thunderhead's own.
 */
final class Xmp {
    static final String SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
    static final String IPTC_NAMESPACE = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
    static final String NAMESPACE = "https://thunderhead.dev/ns/picture/1.0/";

    private static final String PACKET = """
            <?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/">
             <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
              <rdf:Description rdf:about=""
                xmlns:Iptc4xmpExt="%s"
                xmlns:thunderhead="%s"
            %s/>
             </rdf:RDF>
            </x:xmpmeta>
            <?xpacket end="r"?>""";

    private Xmp() {}

    /** The packet in UTF-8. */
    static byte[] packet(Provenance provenance) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("Iptc4xmpExt:DigitalSourceType", SOURCE_TYPE);
        properties.put("thunderhead:model", provenance.model());
        properties.put("thunderhead:build", provenance.build());
        properties.put("thunderhead:seed", Long.toString(provenance.seed()));
        properties.put("thunderhead:steps", Integer.toString(provenance.steps()));
        properties.put("thunderhead:size", provenance.size().toString());
        provenance.prompt().ifPresent(prompt -> properties.put("thunderhead:prompt", prompt));
        String attributes = properties.entrySet().stream()
                .map(property -> "    " + property.getKey() + "=\"" + escape(property.getValue()) + "\"")
                .collect(Collectors.joining("\n"));
        return PACKET.formatted(IPTC_NAMESPACE, NAMESPACE, attributes).getBytes(StandardCharsets.UTF_8);
    }

    /** Text as an attribute's value; characters that XML 1.0 cannot hold are left out. */
    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().filter(Xmp::isAllowed).forEach(character -> {
            switch (character) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '"' -> escaped.append("&quot;");
                // As themselves they would be read as spaces.
                case '\t', '\n', '\r' -> escaped.append("&#").append(character).append(';');
                default -> escaped.appendCodePoint(character);
            }
        });
        return escaped.toString();
    }

    private static boolean isAllowed(int character) {
        return character == '\t'
                || character == '\n'
                || character == '\r'
                || (character >= 0x20 && character <= 0xd7ff)
                || (character >= 0xe000 && character <= 0xfffd)
                || character >= 0x10000;
    }
}
