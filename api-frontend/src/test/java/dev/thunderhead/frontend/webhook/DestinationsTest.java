package dev.thunderhead.frontend.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationsTest {
    private static List<InetAddress> addresses(String... texts) {
        return Stream.of(texts).map(DestinationsTest::address).toList();
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException problem) {
            throw new AssertionError(problem);
        }
    }

    private static Destinations leadingTo(String... texts) {
        return new Destinations(Reach.PUBLIC, host -> addresses(texts));
    }

    private static final WebhookUrl HOOK = WebhookUrl.parse("https://example.com/", Reach.PUBLIC);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.7",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::1",
                "2002:a00:1::1",
                "2002:c0a8:101::1",
                "3fff::1",
                "4000::1",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void addressesThatAreNotPublicAreRefused(String text) {
        assertThatThrownBy(() -> leadingTo(text).locate(HOOK)).isInstanceOf(RefusedDestinationException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.255.255",
                "172.32.0.1",
                "192.0.1.1",
                "198.17.255.255",
                "198.20.0.1",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450:4001::200e",
                "64:ff9b::101:101",
                "2002:101:101::1"
            })
    void publicAddressesAreTaken(String text) throws Exception {
        assertThat(leadingTo(text).locate(HOOK)).isEqualTo(address(text));
    }

    // Java makes an IPv4 address of a mapped one by itself; a resolver of another kind may not.
    @Test
    void aMappedAddressIsJudgedByWhatItHolds() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        mapped[12] = 10;
        assertThat(AddressBlock.parse("00000000000000000000ffff/96").holds(mapped))
                .isTrue();
        assertThat(PublicAddresses.contain(InetAddress.getByAddress(mapped))).isFalse();
    }

    @Test
    void oneRefusedAddressRefusesTheName() {
        assertThatThrownBy(() -> leadingTo("1.1.1.1", "10.0.0.1").locate(HOOK))
                .isInstanceOf(RefusedDestinationException.class);
        assertThatThrownBy(() -> leadingTo("10.0.0.1", "1.1.1.1").locate(HOOK))
                .isInstanceOf(RefusedDestinationException.class);
    }

    @Test
    void literalAddressesAreJudgedToo() {
        Destinations system = new Destinations(Reach.PUBLIC, new SystemNames());
        for (String url : List.of(
                "https://127.0.0.1/",
                "https://169.254.169.254/latest/meta-data",
                "https://[::1]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[64:ff9b::7f00:1]/",
                "https://localhost/")) {
            assertThatThrownBy(() -> system.checkHost(url))
                    .as(url)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not public");
        }
    }

    @Test
    void whereAnybodyMayBeReachedNothingIsRefused() throws Exception {
        Destinations anywhere = new Destinations(Reach.ANYWHERE, host -> addresses("127.0.0.1"));
        assertThat(anywhere.locate(HOOK)).isEqualTo(address("127.0.0.1"));
    }

    @Test
    void aNameThatLeadsNowhereIsSaidToTheUser() {
        Destinations nowhere = new Destinations(Reach.PUBLIC, host -> {
            throw new UnknownHostException("the name is unknown");
        });
        assertThatThrownBy(() -> nowhere.checkHost("https://example.com/"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not found");
    }
}
